"""Comments, found line by line: what stands above a definition, and what opens the file."""

from collections.abc import Iterable, Sequence

from storyloom.storyboard.code.facts import Remark
from storyloom.storyboard.code.languages import Language
from storyloom.storyboard.code.prose import paragraphs

_MAX_REMARK_LINES = 200
_HEADER_LINES = 200  # a licence can be long, and the real opening comes after it
_ATTRIBUTES = ("#[", "@", "[", "template", "export ", "__attribute__", "DEPRECATED")
_MAX_ATTRIBUTES = 12
_FEWEST_WORDS = 2
_FIRST_LINES = 3
#: Code that may follow right below a comment on the whole file.
_PREAMBLE = (
    "import", "from", "package", "#", "use ", "using", "namespace", "require", "include", "<?php",
    "'use strict'", '"use strict"', "module", "const", "set -", "declare", "<!doctype", "<html",
)  # fmt: skip


def remarks(lines: Sequence[str], language: Language) -> list[Remark]:
    """Find every comment that has lines of its own, in order."""
    found: list[Remark] = []
    marks = (*language.line_marks, *(opening for opening, _ in language.blocks))
    row = 0
    for at, line in enumerate(lines):
        stripped = line.lstrip()
        if at < row or not stripped.startswith(marks):
            continue
        row = at
        block = next((pair for pair in language.blocks if stripped.startswith(pair[0])), None)
        if block is not None:
            end = _block_end(lines, row, block)
            found.append(_remark(lines, row, end, block))
        else:
            end = row
            while end < len(lines) and _line_mark(lines[end].lstrip(), language):
                end += 1
            found.append(_run(lines, row, end, language))
        row = end
    return found


def _block_end(lines: Sequence[str], row: int, block: tuple[str, str]) -> int:
    opening, closing = block
    if closing in lines[row].lstrip()[len(opening) :]:
        return row + 1
    for end in range(row + 1, len(lines)):
        if closing in lines[end]:
            return end + 1
    return len(lines)


def _remark(lines: Sequence[str], row: int, end: int, block: tuple[str, str]) -> Remark:
    opening, closing = block
    shown = [line.strip() for line in lines[row : min(end, row + _MAX_REMARK_LINES)]]
    shown[0] = shown[0][len(opening) :].lstrip("*!")
    shown[-1] = shown[-1].split(closing, 1)[0]
    text = "\n".join(line.lstrip("*").strip() if opening == "/*" else line for line in shown)
    return Remark(text.strip(), row + 1, end)


def _line_mark(stripped: str, language: Language) -> str:
    return next((mark for mark in language.line_marks if stripped.startswith(mark)), "")


def _run(lines: Sequence[str], row: int, end: int, language: Language) -> Remark:
    shown: list[str] = []
    for line in lines[row : min(end, row + _MAX_REMARK_LINES)]:
        stripped = line.strip()
        mark = _line_mark(stripped, language)
        shown.append(stripped[len(mark) :].lstrip(mark[-1]).strip())
    return Remark("\n".join(shown).strip(), row + 1, end)


class Docs:
    """The comments of a file, by the line that they speak of."""

    def __init__(self, lines: Sequence[str], language: Language) -> None:
        """Find the comments once."""
        self._lines = lines
        self._all = remarks(lines, language)
        self._by_end = {one.last_line: one for one in self._all}
        self._blank = next((at for at, line in enumerate(lines) if line.strip()), 0)

    @property
    def code_lines(self) -> int:
        """How many lines are neither blank nor a comment."""
        spoken = {row for one in self._all for row in range(one.first_line, one.last_line + 1)}
        lines = enumerate(self._lines, 1)
        return sum(1 for row, line in lines if row not in spoken and line.strip())

    def above(self, first_line: int) -> Remark | None:
        """Give the comment that stands above a line; attributes or one blank may stand between."""
        row = first_line - 1
        for _ in range(_MAX_ATTRIBUTES):
            if row in self._by_end:
                return self._by_end[row]
            if row < 1 or not self._line(row).startswith(_ATTRIBUTES):
                break
            row -= 1
        return self._block_at(row - 1) if row == first_line - 1 else None

    def _block_at(self, row: int) -> Remark | None:
        """Give the block comment that ends at a line, when only a blank line follows it."""
        one = self._by_end.get(row)
        if one is None or self._line(row + 1) or not self._line(row).endswith("*/"):
            return None
        opens_file = one.first_line <= self._blank + _FIRST_LINES
        return None if opens_file else one

    def opening(self, taken: Iterable[Remark], before: int) -> Remark | None:
        """Give the comment that opens the file: no licence, and not of a definition."""
        spoken_for = {one.first_line for one in taken}
        for one in self._all:
            if one.first_line > min(before, self._blank + _HEADER_LINES):
                return None
            words = sum(len(part.split()) for part in paragraphs(one.text))
            if one.first_line in spoken_for or words < _FEWEST_WORDS:
                continue
            if self._is_of_file(one):
                return one
        return None

    def _is_of_file(self, one: Remark) -> bool:
        below = self._line(one.last_line + 1)
        return (
            one.first_line <= self._blank + _FIRST_LINES or not below or below.startswith(_PREAMBLE)
        )

    def _line(self, number: int) -> str:
        inside = 1 <= number <= len(self._lines)
        return self._lines[number - 1].strip() if inside else ""
