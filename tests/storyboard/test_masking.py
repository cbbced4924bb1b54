"""Pictures are masked: what tells is painted over, what says what a thing does stays."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont, PngImagePlugin

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.errors import Unsupported
from storyloom.imaging.schemas import MediaType
from storyloom.storyboard.masking import Masker, confidential, telling_words
from storyloom.storyboard.ports import TextBox

pytestmark = pytest.mark.usefixtures("known_pictures")
INTER = files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"
EXAMPLE = Path(__file__).parents[2] / "examples" / "roadmap" / "roadmap.png"
Draw = Callable[..., Image.Image]


def box(text: str, left: int = 10, top: int = 10, *, score: float = 0.99) -> TextBox:
    return TextBox(text, left, top, left + 11 * len(text), top + 24, score)


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def pixels(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


# --- which lines may stay

ORDINARY = [
    "Live crew scheduling", "Drag a job, and the day replans itself", "Progress billing with retainage",
    "Two-way accounting sync", "Bid estimates from drawings, with Al", "Permit and inspection tracker",
    "Single sign-on for teams", "Photos and signatures without a signal", "Now", "In progress", "Included", "Roadmap",
    "Add to PDF", "Customer Self-Service Portal",
]  # fmt: skip
TELLING = [
    "Voltbrook", "Voltbrook product roadmap 2027", "Project Nighthawk", "NIGHTHAWK", "Dana Whitfield", "dana", "DW", "AI",
    "Last updated in spring", "14 Mar", "March", "Q2 2027", "FY29 H1", "2028", "by May", "Launch in March", "$29/seat",
    "$0.4M ARR", "€45,000", "40%", "12 items", "3", "v4.8", "v5", "5.1.2-beta", "three million", "OPS-1042", "#381",
    "dana@voltbrook.example", "roadmap.voltbrook.example", "https://x.example/q?a=1", "+1 (555) 010-2345",
    "Internal - do not share", "Confidential", "Intern al", "Pilot with Summit Mechanical", "QuickBooks sync",
    "Slack alerts", "Проект Сокол", "夜鷹計画", "R&D", "@dana", "password: tangerine", "AK" + "IAQWERTYUIOPASDFGH", "→", "",
]  # fmt: skip


@pytest.mark.parametrize("text", ORDINARY)
def test_a_line_of_ordinary_words_may_stay(text: str) -> None:
    assert confidential([box(text)]) == ()


@pytest.mark.parametrize("text", TELLING)
def test_a_line_that_tells_something_may_not(text: str) -> None:
    assert confidential([box(text)]) == (box(text),)


def test_what_was_read_badly_may_not_stay() -> None:
    assert confidential([box("Crew app", score=0.3)]) != ()


def test_a_secret_is_seen_among_its_neighbours() -> None:
    boxes = [box("Crew app"), box("the password is"), box("mail of tangerine7 there"), box("Later")]

    assert confidential(boxes) == (boxes[2],)


def test_the_words_of_hidden_lines_are_told_but_for_the_ordinary_ones() -> None:
    hidden = [
        box(text)
        for text in (
            "Voltbrook product roadmap",
            "Project Summit",
            "Pilot with Green Hill",
            "Q3",
            "14 March",
        )
    ]

    assert telling_words(hidden) == {"voltbrook", "summit", "green", "hill", "march"}


# --- how they are painted over


@dataclass
class FixedReader:
    """Reads what it is told, one reading after the other; at last it reads nothing."""

    readings: list[tuple[TextBox, ...]]
    seen: list[bytes] = field(default_factory=list[bytes])

    async def read(self, image: bytes) -> tuple[TextBox, ...]:
        self.seen.append(image)
        return self.readings.pop(0) if self.readings else ()

    async def ping(self) -> None: ...


def card(ink: str = "#111111", paper: str = "#fef3c7", mode: str = "RGB") -> Image.Image:
    picture = Image.new(mode, (300, 120), paper)
    ImageDraw.Draw(picture).text(
        (40, 40), "Nighthawk", font=ImageFont.truetype(str(INTER), 24), fill=ink
    )
    return picture


NIGHTHAWK = TextBox("Nighthawk", 40, 42, 165, 68, 0.99)


async def test_a_line_is_painted_over_in_the_colour_around_it() -> None:
    reader = FixedReader([(NIGHTHAWK,)])

    made = await Masker(reader).mask(encoded(card()))

    assert pixels(made.data).getcolors() == [(300 * 120, (254, 243, 199))]
    assert made.hidden == {"nighthawk"}
    assert made.masked_boxes == 1
    assert made.media_type is MediaType.PNG
    assert reader.seen[1] == made.data, "what leaves was read again"


async def test_what_the_second_reading_finds_is_painted_over_as_well() -> None:
    reader = FixedReader([(NIGHTHAWK,), (box("Falcon", 200, 90),)])

    made = await Masker(reader).mask(encoded(card()))

    assert made.hidden == {"nighthawk", "falcon"}
    assert len(reader.seen) == 3


async def test_crumbs_of_a_mask_are_not_read_once_more() -> None:
    reader = FixedReader([(NIGHTHAWK,), (box("Q3", 20, 20), box("l", 200, 90))])

    made = await Masker(reader).mask(encoded(card()))

    assert len(reader.seen) == 2
    assert made.masked_boxes == 3
    assert len(pixels(made.data).getcolors() or []) == 1


async def test_a_short_line_alone_is_looked_for_again() -> None:
    reader = FixedReader([(box("Q3"),)])

    await Masker(reader).mask(encoded(card()))

    assert len(reader.seen) == 2


async def test_a_picture_whose_words_stay_is_not_given_out() -> None:
    with pytest.raises(Unsupported):
        await Masker(FixedReader([(NIGHTHAWK,)] * 9)).mask(encoded(card()))


async def test_without_a_reader_nothing_is_given_out() -> None:
    class NoReader(FixedReader):
        async def read(self, image: bytes) -> tuple[TextBox, ...]:
            raise Unsupported

    with pytest.raises(Unsupported):
        await Masker(NoReader([])).mask(encoded(card()))


async def test_metadata_stays_behind_and_a_photograph_stays_one() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Nighthawk"
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "Nighthawk", zip=False)

    photo = await Masker(FixedReader([])).mask(
        encoded(card(), "JPEG", exif=exif, comment=b"Nighthawk")
    )
    drawing = await Masker(FixedReader([])).mask(encoded(card(), pnginfo=info))

    assert photo.media_type is MediaType.JPEG
    assert photo.data.startswith(b"\xff\xd8\xff")
    assert b"Nighthawk" not in photo.data + drawing.data


async def test_what_hides_behind_transparency_is_gone() -> None:
    clear = card("#ffffff", "#00000000", "RGBA")
    ImageDraw.Draw(clear).text((5, 5), "secret", fill=(200, 0, 0, 0))

    made = await Masker(FixedReader([])).mask(encoded(clear))

    assert Image.open(BytesIO(made.data)).mode == "RGB"
    assert pixels(made.data).getpixel((1, 1)) == (0, 0, 0), "light letters need a dark ground"
    assert len(pixels(made.data).crop((0, 0, 40, 20)).getcolors() or []) == 1


async def test_detail_that_is_finer_than_the_reading_is_lost_and_the_size_is_kept() -> None:
    fine = Image.new("L", (4000, 40), "white")
    for column in range(0, 4000, 2):
        fine.paste(0, (column, 0, column + 1, 40))

    made = await Masker(FixedReader([])).mask(encoded(fine))

    assert pixels(made.data).size == (4000, 40)
    darkest, lightest = pixels(made.data).convert("L").crop((10, 5, 3990, 35)).getextrema()
    assert isinstance(darkest, int)
    assert isinstance(lightest, int)
    assert lightest - darkest < 60


@pytest.mark.parametrize("place", [(-40, -40), (290, 110), (0, 0)])
async def test_a_line_at_the_edge_is_painted_over(place: tuple[int, int]) -> None:
    left, top = place
    edge = TextBox(
        "Nighthawk", max(0, left), max(0, top), min(300, left + 90), min(120, top + 60), 0.9
    )

    made = await Masker(FixedReader([(edge,)])).mask(encoded(card()))

    assert pixels(made.data).size == (300, 120)


# --- with a real reader

CARDS = [
    ("Voltbrook roadmap", 40, 30), ("Confidential", 560, 30), ("Now", 40, 90), ("Later", 440, 90),
    ("Automated payment reminders", 40, 150), ("Dana Whitfield", 40, 190), ("Q3 2027", 240, 190),
    ("Project Nighthawk", 440, 150), ("$310,000", 440, 190), ("v4.8", 600, 190), ("Crew schedule by week", 440, 240),
    ("dana@voltbrook.example", 40, 240),
]  # fmt: skip
SECRET = ["voltbrook", "confidential", "dana", "whitfield", "2027", "q3", "nighthawk", "310", "v4"]
KEPT = ["automated payment reminders", "crew schedule by week", "now", "later"]


def page(ink: str, paper: str) -> Image.Image:
    picture = Image.new("RGB", (800, 300), paper)
    draw = ImageDraw.Draw(picture)
    for text, left, top in CARDS:
        draw.text((left, top), text, font=ImageFont.truetype(str(INTER), 22), fill=ink)
    return picture


PAGES = {
    "light": encoded(page("#111827", "white")),
    "dark": encoded(page("#E2E8F0", "#0F172A")),
    "pale": encoded(page("#9CA3AF", "#F9FAFB")),
    "small jpeg": encoded(page("#111827", "white").resize((520, 195)), "JPEG", quality=60),
    "large": encoded(page("#111827", "white").resize((3200, 1200))),
}


@pytest.mark.timeout(180)
@pytest.mark.parametrize("kind", PAGES)
async def test_nothing_that_tells_can_be_read_any_more(kind: str) -> None:
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    reader = RapidOcrTextReader()

    made = await Masker(reader).mask(PAGES[kind])

    left = " ".join(box.text.lower() for box in await reader.read(made.data))
    assert [word for word in SECRET if word in left] == []
    assert [words for words in KEPT if words not in left] == []
    assert {"voltbrook", "nighthawk", "whitfield"} <= made.hidden


@pytest.mark.timeout(180)
async def test_the_example_keeps_what_it_is_about() -> None:
    """The figure of docs/privacy.md: 27 of its 28 ordinary lines stay."""
    pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
    reader = RapidOcrTextReader()

    made = await Masker(reader).mask(await asyncio.to_thread(EXAMPLE.read_bytes))

    assert len(await reader.read(made.data)) >= 27
    assert {"voltbrook", "dana", "whitfield", "nighthawk", "ortega", "2028"} <= made.hidden
