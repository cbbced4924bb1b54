"""Small copies have the shape of their item, whatever the picture's."""

from io import BytesIO

from PIL import Image

from storyloom.boards.export.schemas import ReelItem, Shape
from storyloom.boards.export.thumbnails import thumbnail_of
from tests.boards.export.stories import picture


def test_a_thumbnail_has_the_shape_of_its_item() -> None:
    wide = thumbnail_of(ReelItem(number=1), picture("navy", (400, 300)), 160)
    tall = thumbnail_of(ReelItem(number=1, shape=Shape.TALL), picture("navy", (400, 300)), 160)

    assert wide is not None
    assert tall is not None
    assert Image.open(BytesIO(wide)).size == (160, 90)
    assert Image.open(BytesIO(tall)).size == (90, 160)


def test_what_is_no_picture_has_none() -> None:
    assert thumbnail_of(ReelItem(number=1), b"no picture") is None
