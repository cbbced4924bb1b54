"""Pictures of any size and kind become exactly what was asked for."""

import io
from typing import Any

import pytest
from PIL import Image, ImageFile

from storyloom.errors import InvalidInput
from storyloom.imaging.fitting import fitted
from storyloom.imaging.schemas import MediaType


def encoded(picture: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> ImageFile.ImageFile:
    return Image.open(io.BytesIO(data))


def near(pixel: Any, colour: tuple[int, int, int]) -> bool:
    return all(abs(one - other) < 12 for one, other in zip(pixel, colour, strict=True))


@pytest.mark.parametrize("size", [(1376, 768), (64, 64), (512, 2064), (1140, 900), (3, 1)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_the_size_is_exact_whatever_comes(size: tuple[int, int], kind: str) -> None:
    data, media_type = fitted(encoded(Image.new("RGB", size, "teal"), kind), 1140, 900)

    picture = opened(data)
    assert picture.size == (1140, 900)
    assert picture.get_format_mimetype() == media_type == MediaType.JPEG
    assert near(picture.getpixel((570, 450)), (0, 128, 128))


def test_it_is_cut_around_the_middle() -> None:
    wide = Image.new("RGB", (900, 300), "red")
    wide.paste("blue", (300, 0, 600, 300))

    data, media_type = fitted(encoded(wide), 600, 600, media_type=MediaType.PNG)

    picture = opened(data)
    assert picture.get_format_mimetype() == media_type == MediaType.PNG
    corners = [picture.getpixel(at) for at in [(5, 5), (594, 594), (300, 300)]]
    assert corners == [(0, 0, 255)] * 3


def test_the_right_size_is_left_as_it_is() -> None:
    noise = Image.effect_noise((320, 200), 60).convert("RGB")

    data, _ = fitted(encoded(noise), 320, 200, media_type=MediaType.PNG)

    assert opened(data).tobytes() == noise.tobytes()


def test_what_is_transparent_becomes_white() -> None:
    clear = Image.new("RGBA", (64, 64), (0, 0, 0, 0))

    data, _ = fitted(encoded(clear), 100, 100)

    assert near(opened(data).getpixel((50, 50)), (255, 255, 255))


def test_nothing_but_pixels_gets_through() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret"

    data, _ = fitted(encoded(Image.new("RGB", (64, 64)), "JPEG", exif=exif), 64, 64)

    assert b"secret" not in data
    assert not opened(data).getexif()


@pytest.mark.parametrize(
    "data",
    [b"", b"no picture", b"\x89PNG\r\n\x1a\nbroken", encoded(Image.new("1", (9000, 9000)))],
    ids=["empty", "text", "broken", "bomb"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidInput):
        fitted(data, 100, 100)
