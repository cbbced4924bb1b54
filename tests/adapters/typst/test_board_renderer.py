"""The traps of drawing boards: overflow, hostile words, threads, fonts, safe files."""

import asyncio
import io
import re
from collections.abc import Mapping
from itertools import product
from typing import cast
from xml.etree import ElementTree as ET

import pypdf
import pytest
from PIL import Image

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._page import page_of
from storyloom.adapters.typst.board_renderer import TypstBoardRenderer
from storyloom.adapters.typst.image_backend import TypstImageBackend
from storyloom.boards.hero import hero_art_size
from storyloom.boards.schemas import (
    Board,
    BoardFormat,
    Brand,
    FileFormat,
    Logo,
    Panel,
    Scene,
    Tracker,
)
from storyloom.boards.text import clean
from storyloom.errors import InvalidInput
from storyloom.imaging.schemas import ImageRef, ImageRequest, MediaType, Palette
from tests.adapters.typst.conftest import BODIES, LAYOUTS, LONG_HEADLINE, TREATMENTS

HOSTILE = (
    '#panic("boom") #read("/etc/passwd") #import "@preview/x:1.0.0" *b* _i_ $x$ ] } { [ @r <l> //'
    " \\u{41} \\ <script>alert(1)</script> \x00\x07\u202eevil\ud800 \" ' ` ${x} %s {0} &amp; ]]>"
)
LONG_WORD = "Wärmepumpenwirtschaftlichkeitsberechnung"


@pytest.fixture
def renderer() -> TypstBoardRenderer:
    return TypstBoardRenderer()


def _panels(count: int, body: str | None = None) -> tuple[Panel, ...]:
    scenes = (*Scene, Scene.VALUE)[:count]
    return tuple(
        Panel(scene=scene, label=f"About {scene}", body=BODIES[scene] if body is None else body)
        for scene in scenes
    )


@pytest.mark.parametrize("look", list(product(LAYOUTS, TREATMENTS, BoardFormat)), ids=str)
async def test_long_words_fit_everywhere(
    renderer: TypstBoardRenderer, board: Board, look: tuple[str, str, BoardFormat]
) -> None:
    layout, treatment, board_format = look
    page = board.model_copy(
        update={
            "layout": layout,
            "treatment": treatment,
            "format": board_format,
            "headline": LONG_HEADLINE,
        }
    )

    drawing = await renderer.draw(page, FileFormat.SVG)

    width, height = board_format.size
    assert drawing.truncated == ()
    assert f'viewBox="0 0 {width} {height}"'.encode() in drawing.data[:300]


@pytest.mark.parametrize("look", list(product(range(7), LAYOUTS[:3], BoardFormat)), ids=str)
async def test_any_number_of_panels_is_laid_out(
    renderer: TypstBoardRenderer, board: Board, look: tuple[int, str, BoardFormat]
) -> None:
    count, layout, board_format = look
    page = board.model_copy(
        update={
            "layout": layout,
            "format": board_format,
            "headline": "Short",
            "panels": _panels(count, "One sentence that says enough about it."),
        }
    )

    assert (await renderer.draw(page, FileFormat.SVG)).truncated == ()


@pytest.mark.parametrize(("layout", "board_format"), list(product(LAYOUTS, BoardFormat)))
async def test_a_board_without_words_is_drawn(
    renderer: TypstBoardRenderer, board: Board, layout: str, board_format: BoardFormat
) -> None:
    page = Board(
        format=board_format,
        brand=Brand(name="!"),
        layout=layout,
        badge="",
        kicker="",
        headline="",
        lead="",
        tracker=Tracker(stations=("Only",), position=9),
        panels=_panels(4, ""),
    )

    drawing = await renderer.draw(page, FileFormat.PNG)

    assert (drawing.width, drawing.height) == board_format.size
    assert drawing.truncated == ()


async def test_what_had_to_be_cut_is_told(renderer: TypstBoardRenderer, board: Board) -> None:
    page = board.model_copy(
        update={
            "badge": "A badge that says far too much for its small place up there",
            "panels": (*_panels(3), Panel(scene=Scene.WHO, label="Who", body="word " * 138)),
        }
    )

    drawing = await renderer.draw(page, FileFormat.SVG)

    assert set(drawing.truncated) == {"badge", "panels.3.body"}


async def test_what_is_too_long_for_any_page_is_told_even_where_the_rest_fits(
    renderer: TypstBoardRenderer, board: Board
) -> None:
    page = board.model_copy(update={"panels": _panels(1, "word " * 400)})

    assert (await renderer.draw(page, FileFormat.SVG)).truncated == ("panels.0.body",)


@pytest.mark.parametrize("board_format", BoardFormat)
async def test_hostile_words_are_only_words(
    renderer: TypstBoardRenderer, board: Board, board_format: BoardFormat
) -> None:
    page = board.model_copy(
        update={
            "format": board_format,
            "brand": Brand(name=HOSTILE[:60]),
            "badge": HOSTILE[:60],
            "kicker": HOSTILE,
            "headline": HOSTILE,
            "lead": HOSTILE,
            "icon": HOSTILE,
            "layout": HOSTILE,
            "treatment": HOSTILE,
            "footnote": HOSTILE,
            "language": "e\x00n-#panic()",
            "tracker": Tracker(stations=(HOSTILE, HOSTILE), position=0),
            "panels": _panels(4, HOSTILE),
        }
    )

    drawing = await renderer.draw(page, FileFormat.PDF)

    text = pypdf.PdfReader(io.BytesIO(drawing.data)).pages[0].extract_text()
    assert '#panic("boom")' in " ".join(text.split())


@pytest.mark.parametrize(
    "word",
    [
        "x" * 200,
        "W" * 120,
        "https://example.com/" + "path/" * 30,
        "Donaudampfschiff" * 8,
        "漢" * 90,
    ],
)
async def test_words_without_an_end_stay_on_the_page(
    renderer: TypstBoardRenderer, board: Board, word: str
) -> None:
    page = board.model_copy(update={"headline": word, "panels": _panels(4, word)})

    drawing = await renderer.draw(page, FileFormat.SVG)

    assert "headline" not in drawing.truncated


@pytest.mark.parametrize("board_format", BoardFormat)
@pytest.mark.parametrize(
    "words", list(product([LONG_WORD, LONG_WORD * 3, "x" * 60], ["en", "de"])), ids=str
)
async def test_a_word_too_long_for_its_line_stays_the_same_word(
    renderer: TypstBoardRenderer, board: Board, board_format: BoardFormat, words: tuple[str, str]
) -> None:
    word, language = words
    page = board.model_copy(
        update={"format": board_format, "headline": f"Die {word}", "language": language}
    )

    drawing = await renderer.draw(page, FileFormat.PDF)

    assert drawing.truncated == ()
    assert f"Die{word}" in _letters_of(drawing.data)


def _letters_of(pdf: bytes) -> str:
    text = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    return "".join(filter(str.isalpha, text))


async def test_no_hyphen_stands_in_a_headline_of_a_language_without_them(
    renderer: TypstBoardRenderer, board: Board
) -> None:
    page = board.model_copy(update={"headline": LONG_WORD * 3, "panels": _panels(4, LONG_WORD * 3)})

    drawing = await renderer.draw(page, FileFormat.PDF)

    text = pypdf.PdfReader(io.BytesIO(drawing.data)).pages[0].extract_text()
    assert set("-\u00ad\u2010").isdisjoint(text)


@pytest.mark.parametrize("board_format", [BoardFormat.PORTRAIT, BoardFormat.SQUARE])
async def test_a_lead_is_cut_rather_than_set_in_fine_print(
    renderer: TypstBoardRenderer, board: Board, board_format: BoardFormat
) -> None:
    page = board.model_copy(
        update={"format": board_format, "headline": LONG_HEADLINE, "lead": "Many words. " * 49}
    )

    assert (await renderer.draw(page, FileFormat.SVG)).truncated == ("lead",)


async def test_several_threads_draw_the_same_bytes_at_once(board: Board) -> None:
    renderer = TypstBoardRenderer(threads=2)
    pages = [board.model_copy(update={"headline": f"Number {n % 3}"}) for n in range(9)]

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(renderer.draw(page, FileFormat.SVG)) for page in pages]

    drawn = [task.result().data for task in tasks]
    assert drawn[:3] * 3 == drawn
    assert len(set(drawn)) == 3


async def test_a_pdf_holds_the_words_as_text_and_no_date(
    renderer: TypstBoardRenderer, board: Board
) -> None:
    drawing = await renderer.draw(board, FileFormat.PDF)

    reader = pypdf.PdfReader(io.BytesIO(drawing.data))
    text = " ".join(reader.pages[0].extract_text().split())
    assert len(reader.pages) == 1
    assert (reader.pages[0].mediabox.width, reader.pages[0].mediabox.height) == (1920, 1080)
    assert board.headline in text
    assert board.panels[3].body in text
    assert b"CreationDate" not in drawing.data


async def test_an_svg_runs_nothing_and_reaches_for_nothing(
    renderer: TypstBoardRenderer, board: Board
) -> None:
    art = (await TypstImageBackend().generate(_request(board, "demo"))).data

    svg = (await renderer.draw(board, FileFormat.SVG, art=art)).data.decode()

    assert "<script" not in svg
    assert "oklab" not in svg
    links = re.findall(r"href=\"([^\"]{0,30})", svg) + re.findall(r"url\(([^)]{0,30})", svg)
    assert [link for link in links if not link.startswith(("#", "data:image/"))] == []


async def test_an_svg_tells_its_words_to_search_and_listeners(
    renderer: TypstBoardRenderer, board: Board
) -> None:
    page = board.model_copy(update={"headline": HOSTILE})

    told = ET.fromstring((await renderer.draw(page, FileFormat.SVG)).data)  # noqa: S314 - our own

    assert told[0].tag.endswith("title")
    assert told[0].text == clean(HOSTILE)
    assert told[1].tag.endswith("desc")
    assert board.lead in (told[1].text or "")
    assert board.panels[3].body in (told[1].text or "")


def _request(board: Board, scene: str) -> ImageRequest:
    width, height = hero_art_size(board.format)
    return ImageRequest(prompt="a calculator", width=width, height=height, scene=scene)


@pytest.mark.parametrize("board_format", BoardFormat)
@pytest.mark.parametrize("treatment", TREATMENTS)
async def test_our_own_illustrations_and_photographs_fill_the_hero(
    renderer: TypstBoardRenderer, board: Board, board_format: BoardFormat, treatment: str
) -> None:
    page = board.model_copy(update={"format": board_format, "treatment": treatment})
    out = io.BytesIO()
    Image.new("RGB", (400, 900), "#f5f0e8").save(out, "PNG")
    drawn = (await TypstImageBackend().generate(_request(page, treatment))).data

    plain = await renderer.draw(page, FileFormat.SVG)
    illustrated = await renderer.draw(page, FileFormat.SVG, art=drawn)
    photographed = await renderer.draw(page, FileFormat.SVG, art=out.getvalue())

    assert len({plain.data, illustrated.data, photographed.data}) == 3


async def test_a_picture_that_is_none_is_refused(
    renderer: TypstBoardRenderer, board: Board
) -> None:
    with pytest.raises(InvalidInput):
        await renderer.draw(board, FileFormat.PNG, art=b"GIF89a")


@pytest.mark.parametrize(
    ("headline", "language"), [("請求書が自分で催促する", "ja"), ("فواتير تطالب بنفسها", "ar")]
)
async def test_without_a_font_the_letters_are_left_out_and_told(
    board: Board, headline: str, language: str
) -> None:
    page = board.model_copy(update={"headline": headline, "language": language})

    drawing = await TypstBoardRenderer(system_fonts=False).draw(page, FileFormat.SVG)

    assert set(drawing.missing_glyphs) == set(headline) - {" "}


SCRIPTS = [
    ("請求書が自分で催促する", "ja"),
    ("让发票自己去催款", "zh"),
    ("스스로 독촉하는 청구서", "ko"),
    ("فواتير تطالب بنفسها", "ar"),
    ("חשבוניות שרודפות", "he"),
    ("ใบแจ้งหนี้", "th"),
    ("बिल जो खुद", "hi"),
    ("Launch 🚀 \U0001f469\u200d\U0001f527 day", "en"),
]


@pytest.mark.parametrize("words", SCRIPTS, ids=lambda words: words[1])
@pytest.mark.parametrize("board_format", BoardFormat)
async def test_every_script_is_drawn_with_the_fonts_that_are_there(
    renderer: TypstBoardRenderer,
    board: Board,
    words: tuple[str, str],
    board_format: BoardFormat,
) -> None:
    headline, language = words
    page = board.model_copy(
        update={
            "format": board_format,
            "headline": headline,
            "language": language,
            "panels": _panels(4, f"{headline}, {headline}"),
        }
    )

    drawing = await renderer.draw(page, FileFormat.SVG)

    assert set(drawing.missing_glyphs) <= set(headline)
    assert drawing.truncated == ()


def test_emoji_are_drawn_smaller_than_the_letters_beside_them(board: Board) -> None:
    data = page_of(board, art=None, system_fonts=False).data

    # A letter stands in for an emoji, so that the test needs no font of the system's.
    plain, small = (_compiled({**data, "pictures": pictures}) for pictures in ("§", "v"))

    assert plain == _compiled(data)
    assert plain != small


def test_lines_of_another_script_get_their_own_room(board: Board) -> None:
    data = page_of(board, art=None, system_fonts=False).data
    headline = cast("dict[str, str]", data["headline"])

    tall = _compiled({**data, "headline": {**headline, "script": "tower"}})

    assert headline["script"] == "latin"
    assert tall != _compiled(data)


def _compiled(data: Mapping[str, object]) -> bytes:
    return Typesetter(threads=1).compile("board", data, "svg").data


@pytest.mark.parametrize(
    "palette",
    [
        Palette(primary="#FFFFFF", accent="#FFFFFF"),
        Palette(primary="#000000", accent="#000000"),
        Palette(primary="#FFE600", accent="#FFFF00"),
    ],
)
async def test_any_brand_colours_will_do(
    renderer: TypstBoardRenderer, board: Board, palette: Palette
) -> None:
    brand = Brand(name="A company with a name that fills two whole lines", palette=palette)

    drawing = await renderer.draw(board.model_copy(update={"brand": brand}), FileFormat.SVG)

    assert drawing.truncated == ()


@pytest.mark.parametrize(
    ("language", "spaced", "direction"),
    [("en", True, "ltr"), ("ja", False, "ltr"), ("he", False, "rtl")],
)
def test_the_page_knows_how_its_language_is_set(
    board: Board, language: str, *, spaced: bool, direction: str
) -> None:
    page = page_of(
        board.model_copy(update={"language": language}), art=None, system_fonts=False
    ).data

    assert (page["spaced"], page["dir"]) == (spaced, direction)
    assert page["mono"] == "C"


@pytest.mark.parametrize("size", [(40, 40), (300, 60)], ids=["square", "wide"])
async def test_a_logo_stands_in_place_of_the_letter(
    renderer: TypstBoardRenderer, board: Board, size: tuple[int, int]
) -> None:
    out = io.BytesIO()
    Image.new("RGB", size, "#ff00ff").save(out, "PNG")
    width, height = size
    picture = ImageRef(
        key="logos/a.png", media_type=MediaType.PNG, size_bytes=1, width=width, height=height
    )
    brand = board.brand.model_copy(update={"logo": Logo(picture=picture)})
    with_logo = board.model_copy(update={"brand": brand})
    drawn = await renderer.draw(with_logo, FileFormat.PNG, logo=out.getvalue())
    gone = await renderer.draw(with_logo, FileFormat.PNG)
    none = await renderer.draw(board, FileFormat.PNG)

    pixels = Image.open(io.BytesIO(drawn.data)).convert("RGB").getcolors(1 << 24) or []
    assert (255, 0, 255) in {colour for _, colour in pixels}
    assert gone.data == none.data
