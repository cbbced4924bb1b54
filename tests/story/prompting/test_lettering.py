"""Words that are asked for in a picture."""

import pytest

from storyloom.story.prompting.lettering import asks_for_words, without_words


@pytest.mark.parametrize(
    ("action", "plain"),
    [
        ('A sign reads "OPEN" over the door.', "A sign is seen over the door."),
        ("A banner that says \u201cWELCOME\u201d hangs there.", "A banner is seen hangs there."),
        ('A poster with the words "GO HOME" burns.', "A poster burns."),
        ('A book, titled "Rain", lies there.', "A book, lies there."),
        ('He holds "it" up.', "He holds up."),
    ],
)
def test_words_are_left_out(action: str, plain: str) -> None:
    assert asks_for_words(action)
    assert without_words(action) == plain


@pytest.mark.parametrize(
    "action", ["Nora's lantern and Teo's hand.", "She reads the letter.", "He writes at the table."]
)
def test_other_actions_ask_for_none(action: str) -> None:
    assert not asks_for_words(action)


def test_lettering_may_be_asked_for_without_quotation_marks() -> None:
    assert asks_for_words("The words appear on the wall")
