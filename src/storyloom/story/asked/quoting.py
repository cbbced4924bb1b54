"""Finds quotations in a scene: what is not there was invented."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

_CLOSERS = frozenset(".,;:!?\u2026\u2014-\"'\u201d\u2019\u00bb)]\u300d\u300f\u3002\uff01\uff1f*_")
_OPENERS = frozenset("\"'\u201c\u2018\u00ab([\u300c\u300e*_\u201e")


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a scene's text."""

    start: int
    end: int


class Quotable:
    """A text in which quotations are found whatever has become of spaces, marks and capitals."""

    def __init__(self, text: str) -> None:
        """Take the text."""
        self.text = text
        self._letters, self._places = _letters(text)

    def find(self, quote: str, after: int = 0) -> Span | None:
        """Where the quotation stands, behind a place in the text; None where it does not."""
        wanted, _ = _letters(quote)
        if not wanted:
            return None
        at = self._letters.find(wanted, bisect_left(self._places, after))
        if at < 0:
            return None
        start = self._places[at]
        end = self._places[at + len(wanted) - 1] + 1
        while start > after and self.text[start - 1] in _OPENERS:
            start -= 1
        while end < len(self.text) and self.text[end] in _CLOSERS:
            end += 1
        return Span(start, end)

    def share(self, spans: Iterable[Span]) -> float:
        """How much of the text the parts are, from 0 to 1, counted by letters and digits."""
        inside = sum(
            bisect_left(self._places, span.end) - bisect_left(self._places, span.start)
            for span in spans
        )
        return inside / len(self._places) if self._places else 1.0


def _letters(text: str) -> tuple[str, list[int]]:
    """Letters and digits alone, and where each of them stands."""
    pairs = [
        (folded, place)
        for place, char in enumerate(text)
        for folded in char.casefold()
        if folded.isalnum()
    ]
    return "".join(char for char, _ in pairs), [place for _, place in pairs]
