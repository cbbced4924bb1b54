"""What every reader of words in pictures does, on pictures drawn here."""

import random
from collections.abc import Callable
from importlib.resources import files
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from storyloom.adapters.rapidocr.text_reader import RapidOcrTextReader
from storyloom.errors import InvalidInput
from storyloom.storyboard.ports import TextBox, TextReader

pytest.importorskip("rapidocr", reason="the extra `ocr` is not installed")
pytestmark = pytest.mark.timeout(120)

INTER = files("fontpkg_inter") / "files" / "Inter[opsz,wght].ttf"
CARDS = [
    ("Now", 40, 30), ("Next", 440, 30),
    ("Automated payment reminders", 40, 100), ("In progress", 40, 150),
    ("Crew schedule by week", 440, 100), ("March 2027", 440, 150),
]  # fmt: skip
WORDS = {word.lower() for text, _, _ in CARDS for word in text.split()}


@pytest.fixture(params=[RapidOcrTextReader])
def reader(request: pytest.FixtureRequest) -> TextReader:
    make: Callable[[], TextReader] = request.param
    return make()


def page(
    texts: list[tuple[str, int, int]], *, ink: str = "#111827", paper: str = "white"
) -> Image.Image:
    picture = Image.new("RGB", (800, 220), paper)
    draw = ImageDraw.Draw(picture)
    for text, left, top in texts:
        draw.text((left, top), text, font=ImageFont.truetype(str(INTER), 22), fill=ink)
    return picture


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def gantt() -> Image.Image:
    picture = page([("Jan", 300, 10), ("Feb", 540, 10)])
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(INTER), 20)
    for row, (name, bar) in enumerate([("Audit log", "Retention"), ("Sign-on", "Provisioning")]):
        draw.text((20, 70 + row * 70), name, font=font, fill="black")
        draw.rounded_rectangle((290, 60 + row * 70, 620, 105 + row * 70), 10, fill="#4F46E5")
        draw.text((310, 70 + row * 70), bar, font=font, fill="white")
    return picture


def read_words(boxes: tuple[TextBox, ...]) -> set[str]:
    return {word.lower() for box in boxes for word in box.text.split()}


PICTURES = {
    "light": encoded(page(CARDS)),
    "dark": encoded(page(CARDS, ink="#E2E8F0", paper="#0F172A")),
    "small jpeg": encoded(page(CARDS).resize((520, 143)), "JPEG", quality=60),
    "cmyk": encoded(page(CARDS).convert("CMYK"), "JPEG"),
    "palette": encoded(page(CARDS).convert("P")),
    "animation": encoded(
        page(CARDS), "GIF", save_all=True, append_images=[Image.new("RGB", (800, 220), "red")]
    ),
}


@pytest.mark.parametrize("kind", PICTURES)
async def test_every_word_is_found(reader: TextReader, kind: str) -> None:
    assert read_words(await reader.read(PICTURES[kind])) >= WORDS


async def test_words_in_coloured_bars_are_found(reader: TextReader) -> None:
    words = read_words(await reader.read(encoded(gantt())))

    assert words >= {"jan", "feb", "audit", "log", "retention", "sign-on", "provisioning"}


async def test_light_text_on_a_transparent_ground_is_found(reader: TextReader) -> None:
    mask = page(CARDS, ink="white", paper="black").convert("L")
    clear = Image.new("RGBA", mask.size, (250, 250, 250, 0))
    clear.putalpha(mask)

    assert read_words(await reader.read(encoded(clear))) >= WORDS


async def test_boxes_are_in_the_pixels_of_the_upright_picture(reader: TextReader) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = page(CARDS).rotate(90, expand=True)

    boxes = {box.text: box for box in await reader.read(encoded(turned, "JPEG", exif=exif))}

    crew = boxes["Crew schedule by week"]
    assert abs(crew.left - 440) < 12
    assert abs((crew.top + crew.bottom) / 2 - 114) < 12
    assert crew.right <= 800
    assert 0.5 < crew.score <= 1


async def test_a_large_picture_is_read_and_boxes_are_in_its_own_pixels(reader: TextReader) -> None:
    large = page(CARDS).resize((4800, 1320))

    boxes = {box.text: box for box in await reader.read(encoded(large))}

    assert abs(boxes["Next"].left - 6 * 440) < 60


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (64, 64), (300, 200)])
async def test_a_picture_without_words_gives_no_box(
    reader: TextReader, size: tuple[int, int]
) -> None:
    assert await reader.read(encoded(Image.new("RGBA", size))) == ()


async def test_noise_is_survived(reader: TextReader) -> None:
    noise = random.Random(5).randbytes(200 * 200 * 3)  # noqa: S311 - repeatable, not a secret

    boxes = await reader.read(encoded(Image.frombytes("RGB", (200, 200), noise)))

    assert all(box.left <= box.right for box in boxes)


async def test_what_is_no_picture_is_refused(reader: TextReader) -> None:
    with pytest.raises(InvalidInput):
        await reader.read(b"no picture")


async def test_reading_writes_nothing_to_the_terminal(
    reader: TextReader, capfd: pytest.CaptureFixture[str]
) -> None:
    await reader.read(PICTURES["light"])
    await reader.ping()

    assert capfd.readouterr() == ("", "")
