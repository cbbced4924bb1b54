"""Colours that cannot be read are told, with what is drawn in their place."""

import pytest

from storyloom.boards.colours import contrast
from storyloom.imaging.schemas import Palette
from storyloom.storyboard.profiles.contrast import warnings_of


def told(primary: str, accent: str) -> list[tuple[str, float]]:
    return [(w.field, w.needed) for w in warnings_of(Palette(primary=primary, accent=accent))]


def test_colours_that_can_be_read_are_not_warned_of() -> None:
    assert told("#ffffff", "#000000") != []
    assert told("#0a0a1e", "#b34700") == []


def test_each_use_that_needs_another_colour_is_named() -> None:
    assert told("#ffdd00", "#ff8800") == [
        ("brand.palette.primary", 4.5),
        ("brand.palette.accent", 4.5),
    ]
    assert told("#102040", "#203050") == [("brand.palette.accent", 3.0)]


def test_a_warning_says_what_is_drawn() -> None:
    (warning,) = warnings_of(Palette(primary="#14532D", accent="#E0A458"))

    assert warning.contrast == 2.18
    assert warning.drawn_as in warning.says
    assert "reaches 2.2 : 1" in warning.says
    assert contrast(warning.drawn_as, "#ffffff") >= warning.needed


@pytest.mark.parametrize(
    ("primary", "accent"),
    [
        ("#12235c", "#ffb938"),
        ("#102040", "#203050"),
        ("#000000", "#333333"),
        ("#ffdd00", "#b34700"),
    ],
)
def test_what_is_suggested_needs_no_warning(primary: str, accent: str) -> None:
    palette = Palette(primary=primary, accent=accent)
    first = warnings_of(palette)[0]
    field = first.field.rpartition(".")[2]
    taken = palette.model_copy(update={field: first.suggestion})

    assert first.suggestion is not None
    assert first.field not in {one.field for one in warnings_of(taken)}


def test_where_no_colour_of_the_hue_will_do_none_is_suggested() -> None:
    palette = Palette(primary="#183b9e", accent="#ffb938")
    (warning,) = warnings_of(palette)

    assert (warning.field, warning.suggestion) == ("brand.palette.accent", None)
