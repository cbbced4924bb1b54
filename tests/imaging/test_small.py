"""Small copies are small, of the same shape, and safe to show."""

import io

import pytest
from PIL import Image

from storyloom.errors import InvalidInput
from storyloom.imaging.small import small_copy


def copied(size: tuple[int, int], longer_side: int) -> Image.Image:
    out = io.BytesIO()
    Image.new("RGBA", size, (0, 128, 128, 0)).save(out, "PNG")
    return Image.open(io.BytesIO(small_copy(out.getvalue(), longer_side)))


@pytest.mark.parametrize(
    ("size", "small"),
    [
        *(((1344, 768), (560, 320)), ((768, 1344), (320, 560)), ((2000, 2), (560, 1))),
        *(((64, 32), (64, 32)), ((1, 1), (1, 1))),
    ],
)
def test_a_copy_keeps_the_shape_and_never_grows(
    size: tuple[int, int], small: tuple[int, int]
) -> None:
    picture = copied(size, 560)

    assert (picture.size, picture.format) == (small, "JPEG")
    dark = picture.convert("L").histogram()[:250]
    assert not any(dark), "what was transparent is white"


def test_whoever_asks_says_how_small() -> None:
    assert copied((1920, 1080), 480).size == (480, 270)


def test_what_is_no_picture_has_none() -> None:
    with pytest.raises(InvalidInput):
        small_copy(b"no picture")
