"""Stills have exactly the film's size."""

from io import BytesIO

from PIL import Image

from storyloom.boards.export.schemas import Reel, ReelItem, Shape
from storyloom.boards.export.stills import film_size, still_of
from tests.boards.export.stories import picture

WIDE = Reel(title="x", items=(ReelItem(number=1),))
TALL = Reel(title="x", items=(ReelItem(number=1, shape=Shape.TALL),))


def _open(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data)).convert("RGB")


def test_the_film_has_the_shape_of_the_reel() -> None:
    assert film_size(WIDE, 720) == (1280, 720)
    assert film_size(TALL, 720) == (720, 1280)
    assert film_size(WIDE, 241) == (428, 240)


def test_a_picture_fills_the_film() -> None:
    still = _open(still_of(WIDE, WIDE.items[0], picture("#ff0000"), (64, 36)))

    assert still.size == (64, 36)
    assert still.getpixel((1, 1)) == (254, 0, 0)


def test_a_picture_of_another_shape_is_shown_whole() -> None:
    upright = picture("#ff0000", (90, 160))

    still = _open(still_of(WIDE, TALL.items[0], upright, (64, 36)))

    assert still.size == (64, 36)
    assert still.getpixel((2, 18)) == (0, 0, 0)
    assert still.getpixel((32, 18)) == (254, 0, 0)


def test_the_brand_stands_in_for_what_cannot_be_shown() -> None:
    for nothing in (None, b"no picture"):
        still = _open(still_of(WIDE, WIDE.items[0], nothing, (64, 36)))

        assert still.getpixel((32, 18)) == (59, 47, 181)
