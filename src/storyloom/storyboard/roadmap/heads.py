"""The headings that say when: a row of them over columns, or a stack of them over sections."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from storyloom.storyboard.roadmap.cards import Line, around
from storyloom.storyboard.roadmap.words import Horizon, LaneName

_WIDE = 0.6  # of the widest row of headings; a narrower one is a legend or a menu
_ORDER = (Horizon.NOW, Horizon.NEXT, Horizon.LATER)


@dataclass(frozen=True, slots=True)
class Head:
    """A heading, and the lane that it names."""

    line: Line
    lane: LaneName


def row_of_heads(heads: Sequence[Head], lines: Sequence[Line]) -> list[Head]:
    """Find the row that names the columns: two or more different lanes, side by side, on top."""
    rows: list[list[Head]] = []
    for head in sorted(heads, key=lambda head: head.line.middle):
        if rows and abs(rows[-1][0].line.middle - head.line.middle) <= head.line.height:
            rows[-1].append(head)
        else:
            rows.append([head])
    named = [_distinct(row) for row in rows]
    lowest = max(line.middle for line in lines)
    wide = [
        row
        for row in named
        if len(row) > 1 and any(line.is_words for line in lines) and row[0].line.middle < lowest
    ]
    whole = around([line.box for line in lines])
    least = max([_WIDE * _span(row) for row in wide] + [(whole[2] - whole[0]) / 4])
    return next((row for row in wide if _span(row) >= least), list[Head]())


def _span(row: Sequence[Head]) -> int:
    return row[-1].line.box[2] - row[0].line.left


def _distinct(row: Iterable[Head]) -> list[Head]:
    seen: dict[str, Head] = {}
    for head in sorted(row, key=lambda head: head.line.left):
        seen.setdefault(head.lane.text.casefold(), head)
    return list(seen.values())


def stack_of_heads(heads: Sequence[Head], lines: Sequence[Line]) -> list[Head]:
    """Find headings one below the other: different lanes at the same left edge, items right of it."""
    texts = [line for line in lines if line.is_words]
    # A state that is written on several cards is no heading.
    times = Counter(head.lane.text.casefold() for head in heads)
    heads = [head for head in heads if times[head.lane.text.casefold()] == 1]
    for first in sorted(heads, key=lambda head: head.line.left):
        near = 2 * first.line.height
        same = [head for head in heads if abs(head.line.left - first.line.left) <= near]
        stack = sorted(same, key=lambda head: head.line.middle)
        is_left = sum(line.left >= first.line.left - near for line in texts) * 2 > len(texts)
        # Below the last state on a card there is nothing more; below a heading there is.
        leads = any(line.middle > stack[-1].line.middle for line in texts)
        if len(stack) > 1 and is_left and leads:
            return stack
    return []


class Places:
    """Tells a line's column, by left edges or, where headings are centred, by middles."""

    def __init__(self, row: Sequence[Head], body: Sequence[Line]) -> None:
        self._lefts = [head.line.left for head in row]
        self._middles = [(head.line.left + head.line.box[2]) / 2 for head in row]
        gaps = [b - a for a, b in pairwise(self._middles)]
        self._pitch = median(gaps)
        off = [min(abs(line.left - left) for left in self._lefts) for line in body]
        self._by_left = median(off or [0]) < 0.15 * self._pitch

    def holds(self, line: Line) -> bool:
        """Whether a line is in the columns, and not in a menu to their left."""
        if self._by_left:
            return line.box[2] > self._lefts[0] - 0.1 * self._pitch
        return line.box[2] > self._middles[0] - 0.6 * self._pitch

    def __call__(self, line: Line) -> int:
        if self._by_left:
            reach = line.left + 0.2 * self._pitch
            return max((i for i, left in enumerate(self._lefts) if left <= reach), default=0)
        middle = min((line.left + line.box[2]) / 2, line.left + self._pitch / 2)
        return min(range(len(self._middles)), key=lambda i: abs(self._middles[i] - middle))


def horizons(row: Sequence[Head]) -> list[Horizon | None]:
    """Periods get their horizon by their order; words have theirs."""
    periods = [head for head in row if head.lane.horizon is None]
    few = len(periods) <= 5  # noqa: PLR2004 - months of a half-year are grouped, quarters are not
    order: dict[int, Horizon] = {}
    for i, head in enumerate(periods):
        order[id(head)] = _ORDER[min(2, i if few else i * 3 // len(periods))]
    return [head.lane.horizon or order[id(head)] for head in row]
