"""What is quoted in a paragraph, and what is not."""

import re
from dataclasses import dataclass

_CLOSING = {
    "\u201c": "\u201d\u201c", "\u201e": "\u201c\u201d", "\u00ab": "\u00bb", "\u300c": "\u300d",
    "\u300e": "\u300f", '"': '"', "\u2018": "\u2019", "\u00bb": "\u00ab",
}  # fmt: skip
_OPENING = re.compile(r"[\u201c\u201e\u00ab\u00bb\u300c\u300e\"]|(?<!\w)\u2018")
_SAID = re.compile(r"[.,!?\u2026\u2014\u3002\uff0c\uff01\uff1f-]$")
_GOES_ON = re.compile(r"^\s*[,\uff0c]")
_STOPS = ".,!?\u2026\u2014"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a paragraph."""

    text: str
    is_quoted: bool

    @property
    def bare(self) -> str:
        """Without quotation marks."""
        return self.text.strip().strip("".join(_CLOSING) + "\u201d\u2019\u300d\u300f").strip()


def pieces_of(paragraph: str) -> list[Piece]:
    """What is said and what is told, in turn.

    A quotation that nobody closes ends with the paragraph; a few quoted words in a sentence are no speech.
    """
    pieces: list[Piece] = []
    told: list[str] = []
    for piece in _parted(paragraph):
        if piece.is_quoted and piece.bare:
            pieces += [Piece("".join(told), is_quoted=False), piece]
            told = []
        else:
            told.append(piece.text)
    pieces.append(Piece("".join(told), is_quoted=False))
    return [piece for piece in pieces if piece.text.strip()]


def _parted(paragraph: str) -> list[Piece]:
    parts: list[Piece] = []
    at = 0
    while opened := _OPENING.search(paragraph, at):
        end = _end(paragraph, opened)
        text, after = paragraph[opened.start() : end], paragraph[end : end + 2]
        is_said = _SAID.search(Piece(text, is_quoted=True).bare) or _GOES_ON.match(after)
        parts.append(Piece(paragraph[at : opened.start()], is_quoted=False))
        parts.append(Piece(text, is_quoted=bool(is_said) or end == len(paragraph)))
        at = end
    return [*parts, Piece(paragraph[at:], is_quoted=False)]


def _end(paragraph: str, opened: re.Match[str]) -> int:
    """Behind the mark that closes."""
    closing = _CLOSING[opened[0]]
    for place in range(opened.end(), len(paragraph)):
        char = paragraph[place]
        # An apostrophe looks like the mark that closes.
        if char in closing and (char != "\u2019" or paragraph[place - 1] in _STOPS):
            return place + 1
    return len(paragraph)
