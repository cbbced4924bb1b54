"""What a reel holds together."""

import pytest
from pydantic import ValidationError

from storyloom.boards.export.schemas import ExportKind, Reel, ReelItem, Shape, SheetLayout


def test_two_items_of_one_number_are_no_reel() -> None:
    with pytest.raises(ValidationError, match="same number"):
        Reel(title="x", items=(ReelItem(number=1), ReelItem(number=1)))


def test_a_reel_has_the_shape_of_most_of_its_pictures() -> None:
    tall = [ReelItem(number=n, shape=Shape.TALL) for n in (1, 2)]

    assert Reel(title="x", items=(*tall, ReelItem(number=3))).shape is Shape.TALL
    assert Reel(title="x").shape is Shape.WIDE
    assert [shape.ratio for shape in Shape] == [(16, 9), (9, 16)]


def test_what_made_a_picture_is_told_on_a_line() -> None:
    assert ReelItem(number=1, model="sdxl", seed=7).made_by == "sdxl, seed 7"
    assert ReelItem(number=1, backend="frames").made_by == "frames"


def test_a_reel_loses_pictures_and_keeps_their_items(reel: Reel) -> None:
    without = reel.without([1])

    assert [item.picture is None for item in without.items] == [True, False, True, False]
    assert reel.without([]) is reel


def test_every_kind_says_what_it_is() -> None:
    assert ExportKind.SHEET.media_type == "application/pdf"
    assert len({kind.suffix for kind in ExportKind}) == len(ExportKind)
    assert [layout.per_page for layout in SheetLayout] == [6, 9, 12, 4]
