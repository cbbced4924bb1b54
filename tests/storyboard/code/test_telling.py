"""What a file's opening words say that it does."""

import pytest

from storyloom.storyboard.code.telling import has_further_verb, sentence_from


@pytest.mark.parametrize(
    ("doc", "text"),
    [
        ("Read and write invoice files.", "Reads and writes invoice files."),
        ("Print the rota of a week.", "Prints the rota of a week."),
        ("Provides access to the rota.", "Provides access to the rota."),
        ("This module sends the rota to crews.", "Sends the rota to crews."),
        ("The board keeps every visit in one place.", "The board keeps every visit in one place."),
        ("Reports late visits to the office.", ""),
        ("Reports for the whole office.", ""),
        ("Calculate the totals and create the report.", ""),
        ("Create and frobnicate the invoices.", ""),
        ("Heap queue algorithm.", ""),
        ("adopting a protocol here is by design.", ""),
        ("Returns null if you should not call this.", ""),
        ("", ""),
    ],
)
def test_a_first_sentence_is_told_or_left_out(doc: str, text: str) -> None:
    assert sentence_from(doc) == text


def test_a_second_order_is_noticed() -> None:
    assert has_further_verb("the totals and calculate the tax")
    assert not has_further_verb("the totals and reports")
