"""Brand colours made legible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyloom.boards.colours import TEXT_CONTRAST, contrast, legible, nearest
from storyloom.imaging.schemas import Palette

COLOUR = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOUR, COLOUR)
def test_words_can_be_read_on_any_brand(primary: str, accent: str) -> None:
    colours = legible(Palette(primary=primary, accent=accent))

    assert contrast("#ffffff", colours.primary) >= TEXT_CONTRAST
    assert contrast(colours.accent_text, colours.primary) >= TEXT_CONTRAST
    assert contrast(colours.accent_ink, "#ffffff") >= TEXT_CONTRAST
    assert contrast(colours.on_accent, colours.accent) >= TEXT_CONTRAST
    assert contrast(colours.accent, colours.primary) >= 3


def test_colours_that_are_fine_stay_as_they_are() -> None:
    colours = legible(Palette(primary="#3B2FB5", accent="#FFB938"))

    assert (colours.primary, colours.accent) == ("#3b2fb5", "#ffb938")


def test_a_light_brand_colour_becomes_the_accent_on_a_dark_ground() -> None:
    colours = legible(Palette(primary="#FFE600", accent="#111111"))

    assert colours.accent == "#ffe600"
    assert contrast(colours.primary, "#ffffff") > 10


def test_white_keeps_the_brands_accent() -> None:
    assert legible(Palette(primary="#FFFFFF", accent="#FF0000")).accent == "#ff0000"


def test_the_nearest_that_passes_is_lighter_or_darker() -> None:
    def passes(colour: str) -> bool:
        return contrast(colour, "#ffffff") >= TEXT_CONTRAST

    darker = nearest("#ff8800", passes)
    lighter = nearest("#102040", lambda colour: contrast(colour, "#000000") >= 3)

    assert darker is not None
    assert lighter is not None
    assert TEXT_CONTRAST <= contrast(darker, "#ffffff") < TEXT_CONTRAST + 0.3
    assert 3 <= contrast(lighter, "#000000") < 3.2


def test_none_is_found_where_none_passes() -> None:
    assert nearest("#ff8800", lambda _: False) is None
