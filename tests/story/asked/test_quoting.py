"""Quotations, found or not."""

import pytest

from storyloom.story.asked.quoting import Quotable, Span

TEXT = "NORA\n(quietly)\n\u201cHold  this!\u201d She runs. She runs."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("NORA (quietly)", "NORA\n(quietly)"),
        ("hold this", "\u201cHold  this!\u201d"),
        ('"Hold this!" She runs.', "\u201cHold  this!\u201d She runs."),
        ("She hides.", None),
        ("?!", None),
    ],
)
def test_spaces_marks_and_capitals_do_not_matter(quote: str, found: str | None) -> None:
    span = Quotable(TEXT).find(quote)

    assert (span and TEXT[span.start : span.end]) == found


def test_a_quotation_is_found_behind_another() -> None:
    text = Quotable(TEXT)
    first = text.find("She runs.")
    assert first is not None

    second = text.find("She runs.", first.end)

    assert second == Span(len(TEXT) - 9, len(TEXT))
    assert text.find("She runs.", len(TEXT)) is None


def test_the_share_of_a_text_is_told() -> None:
    assert Quotable("ab cd").share([Span(0, 2)]) == 0.5
    assert Quotable("--").share([]) == 1.0
