"""Small copies are small, of the same shape, and never a reason to show nothing."""

import io

import pytest
from PIL import Image

from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.imaging.small import small_copy


def picture(width: int, height: int) -> tuple[bytes, ImageRef]:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#12235c").save(out, "PNG")
    data = out.getvalue()
    ref = ImageRef(
        key="k.png", media_type=MediaType.PNG, size_bytes=len(data), width=width, height=height
    )
    return data, ref


@pytest.mark.parametrize(
    ("size", "small"),
    [((1344, 768), (560, 320)), ((768, 1344), (320, 560)), ((2000, 2), (560, 1))],
)
def test_the_shape_stays(size: tuple[int, int], small: tuple[int, int]) -> None:
    data, media_type = small_copy(*picture(*size))

    assert media_type is MediaType.JPEG
    assert Image.open(io.BytesIO(data)).size == small


def test_one_that_is_small_stays_as_it_is() -> None:
    data, ref = picture(64, 64)

    assert small_copy(data, ref) == (data, MediaType.PNG)


def test_one_that_is_no_picture_stays_as_it_is() -> None:
    _, ref = picture(1344, 768)

    assert small_copy(b"no picture", ref) == (b"no picture", MediaType.PNG)
