"""Words that may stay in a masked picture, and words that may not."""

import pytest

from storyloom.storyboard.ordinary import is_ordinary, ordinary_words


@pytest.mark.parametrize(
    "word",
    ["crew", "Crews", "scheduling", "planned", "planning", "batteries", "tried", "easily", "INVOICES", "fastest", "teams", "snapped", "dragging"],
)  # fmt: skip
def test_forms_of_ordinary_words_are_ordinary(word: str) -> None:
    assert is_ordinary(word)


@pytest.mark.parametrize(
    "word",
    ["Voltbrook", "nighthawk", "Dana", "whitfield", "QuickBooks", "slack", "Notion", "Monday", "internal", "confidential",
     "March", "spring", "million", "Parker", "Carter", "falcon", "orion", "Ohio", "Berlin", "xx", ""],
)  # fmt: skip
def test_names_dates_and_marks_are_not(word: str) -> None:
    assert not is_ordinary(word)


def test_names_of_people_and_products_are_in_no_list() -> None:
    assert not ordinary_words() & {"dana", "maria", "quickbooks", "stripe", "salesforce", "nda"}


def test_every_list_of_our_own_is_taken_in() -> None:
    """Presets, capabilities, phrases, nouns: what our own boards say may be on a roadmap."""
    assert {"contractor", "retainage", "dispatch", "warranty", "roadmap"} <= ordinary_words()
    assert len(ordinary_words()) > 4000
