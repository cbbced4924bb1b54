"""What everything that typesets contact sheets promises."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from storyloom.adapters.typst.sheet_renderer import TypstSheetRenderer
from storyloom.boards.export.ports import SheetRenderer
from storyloom.boards.export.schemas import (
    Badge,
    Reel,
    ReelItem,
    ReelReport,
    Remark,
    Shape,
    SheetLayout,
)
from tests.boards.export.stories import HOSTILE, picture

THUMBNAIL = picture("navy", (64, 36), "JPEG")


@pytest.fixture
def renderer() -> SheetRenderer:
    return TypstSheetRenderer()


def _reel(count: int, **more: object) -> Reel:
    items = [
        {"number": n, "scene": "INT. KITCHEN", "caption": f"Beat number {n}"}
        for n in range(1, count + 1)
    ]
    return Reel.model_validate({"title": "The Last Train", "items": items, **more})


async def _pages(
    renderer: SheetRenderer, reel: Reel, layout: SheetLayout = SheetLayout.GRID_6
) -> list[str]:
    drawing = await renderer.sheet(reel, layout, {1: THUMBNAIL})
    return [page.extract_text() for page in PdfReader(BytesIO(drawing.data)).pages]


@pytest.mark.parametrize(("layout", "pages"), [*zip(SheetLayout, (3, 2, 2, 4), strict=True)])
@pytest.mark.parametrize("shape", Shape)
async def test_every_picture_has_its_place(
    renderer: SheetRenderer, layout: SheetLayout, pages: int, shape: Shape
) -> None:
    reel = _reel(13)
    items = tuple(item.model_copy(update={"shape": shape}) for item in reel.items)

    told = await _pages(renderer, reel.model_copy(update={"items": items}), layout)

    assert len(told) == pages
    for number in range(1, 14):
        assert f"Beat number {number}" in told[(number - 1) // layout.per_page]


async def test_the_report_is_the_first_page(renderer: SheetRenderer) -> None:
    report = ReelReport(
        total=9,
        done=7,
        degraded=1,
        failed=1,
        gpu_s=95,
        made_with="SwarmUI",
        decisions=(Remark(number=4, text="Write another prompt."),),
        remarks=tuple(Remark(text=f"Remark {number}") for number in range(60)),
    )

    told = await _pages(renderer, _reel(1, report=report, episode="Episode 3"))

    assert len(told) == 2
    for words in ("Episode 3", "8 of 9 pictures made", "1 min 35 s", "Write another prompt."):
        assert words in told[0]
    assert "+ " in told[0]


@pytest.mark.parametrize("lists", [{}, {"remarks": [{"text": "Only this."}]}])
async def test_a_report_without_decisions_is_shorter(
    renderer: SheetRenderer, lists: dict[str, object]
) -> None:
    report = ReelReport.model_validate({"total": 1, "done": 1, **lists})

    (page,) = await _pages(renderer, _reel(0, report=report))

    assert "Needs a decision" not in page
    assert ("Only this." in page) == bool(lists)


async def test_a_reel_without_pictures_is_one_page(renderer: SheetRenderer) -> None:
    assert len(await _pages(renderer, _reel(0))) == 1


async def test_hostile_and_long_words_stay_words_on_their_page(renderer: SheetRenderer) -> None:
    item = ReelItem(
        number=1,
        scene=HOSTILE,
        caption=HOSTILE * 20,
        notes="long " * 400,
        badges=tuple(Badge),
    )
    reel = Reel(title=HOSTILE, episode=HOSTILE, run=HOSTILE, items=(item,))

    drawing = await renderer.sheet(reel, SheetLayout.GRID_12, {})

    (page,) = PdfReader(BytesIO(drawing.data)).pages
    assert "#panic()" in page.extract_text()
    assert {"items.1.caption", "title"} & set(drawing.truncated)


@pytest.mark.parametrize("caption", ["وصلت الرسالة متأخرة", "Письмо опоздало", "¡Qué día!"])
async def test_any_language_is_set(renderer: SheetRenderer, caption: str) -> None:
    reel = Reel(
        title=caption,
        items=(ReelItem(number=1, caption=caption),),
        report=ReelReport(total=1, done=1, remarks=(Remark(number=1, text=caption),)),
    )

    for layout in (SheetLayout.GRID_6, SheetLayout.NOTES):
        assert len((await renderer.sheet(reel, layout, {1: THUMBNAIL})).data) > 1000


async def test_the_same_reel_gives_the_same_bytes(renderer: SheetRenderer) -> None:
    first = await renderer.sheet(_reel(3), SheetLayout.NOTES, {1: THUMBNAIL})

    assert await renderer.sheet(_reel(3), SheetLayout.NOTES, {1: THUMBNAIL}) == first


async def test_it_is_ready(renderer: SheetRenderer) -> None:
    await renderer.ping()
