"""What a source says, as far as claims about it can be held against it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from storyloom.storyboard.asked.addressed import addressed_lines
from storyloom.storyboard.asked.figures import Figures
from storyloom.storyboard.english import stem

_WORD = re.compile(r"[A-Z]{2,}(?=[A-Z][a-z]|[^A-Za-z]|$)|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")
_RUN = re.compile(r"[^\W\d_]+")


def stems_of(text: str) -> frozenset[str]:
    """The stems of all words, also of those joined in a name: `getInvoice` holds `invoic`."""
    words = {*_WORD.findall(text), *_RUN.findall(text)}
    return frozenset(stem(word) for word in words)


@dataclass(frozen=True)
class Grounds:
    """The lines of a source; `lines` is None where nobody could read them here."""

    lines: Sequence[str] | None
    name: str = ""  #: of the file

    @cached_property
    def addressed(self) -> frozenset[int]:
        """The numbers of the lines that speak to the reader, counted from 1."""
        return addressed_lines(self.lines or ())

    @cached_property
    def content(self) -> str:
        """Everything but those lines."""
        kept = (
            line for number, line in enumerate(self.lines or (), 1) if number not in self.addressed
        )
        return "\n".join((self.name, *kept))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of the words that the content holds."""
        return stems_of(self.content)

    @cached_property
    def steering(self) -> frozenset[str]:
        """The stems that stand in lines that speak to the reader, and nowhere else."""
        lines = self.lines or ()
        return stems_of("\n".join(lines[number - 1] for number in self.addressed)) - self.stems

    @cached_property
    def figures(self) -> Figures:
        """The numbers that the content holds."""
        return Figures.of(self.content)

    def holds(self, first_line: int, last_line: int) -> bool:
        """Whether these lines exist, and say something that is not only said to the reader."""
        lines = self.lines or ()
        return 1 <= first_line <= last_line <= len(lines) and any(
            lines[number - 1].strip() and number not in self.addressed
            for number in range(first_line, last_line + 1)
        )
