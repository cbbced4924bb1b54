"""From the words in a picture to a roadmap: its title, its lanes, and the items in each.

Four arrangements are known: columns under a row of headings, a chart of rows under a row of
periods (Gantt), sections under headings, and none of these: a list or a table.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from storyloom.storyboard.ports import TextBox
from storyloom.storyboard.roadmap.cards import Item, Line, items_in
from storyloom.storyboard.roadmap.heads import Head, Places, horizons, row_of_heads, stack_of_heads
from storyloom.storyboard.roadmap.words import (
    Horizon,
    Kind,
    cleaned,
    horizon_of,
    kind_of,
    lane_in,
)

MAX_BOXES = 800  # a full screen of small type has about 200
_SURE = 0.6


@dataclass(frozen=True, slots=True)
class Lane:
    """A column, a section or a period, and what stands in it."""

    name: str
    horizon: Horizon | None
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Roadmap:
    """What a picture shows; all of it is the picture's own text."""

    title: str = ""
    lanes: tuple[Lane, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All items, in the order of the lanes; each knows its horizon if anything tells it."""
        return tuple(
            replace(item, horizon=lane.horizon or item.horizon)
            for lane in self.lanes
            for item in lane.items
        )


def roadmap_in(boxes: Iterable[TextBox]) -> Roadmap:
    """Arrange the boxes; no box gives an empty roadmap."""
    lines = _lines(boxes)
    if not lines:
        return Roadmap()
    heads = [Head(line, lane) for line in lines if (lane := lane_in(line.text))]
    if row := row_of_heads(heads, lines):
        title, body = _split(lines, row, min(head.line.box[1] for head in row))
        labels = _row_labels(row, body)
        lanes = _chart(row, labels, body) if labels else _columns(row, body)
    elif stack := stack_of_heads(heads, lines):
        starts = _section_starts(stack, lines)
        title, body = _split(lines, stack, starts[0])
        lanes = _sections(stack, starts, body)
    else:
        title, body = _title_and_rest(lines)
        lanes = _unnamed(body)
    return Roadmap(title, tuple(lane for lane in lanes if lane.items))


def _lines(boxes: Iterable[TextBox]) -> list[Line]:
    lines: list[Line] = []
    for box in list(boxes)[:MAX_BOXES]:
        text = cleaned(box.text)
        if not text or box.score < _SURE:
            continue
        kind = kind_of(text)
        if kind is not Kind.NOISE:
            lines.append(Line(text, kind, (box.left, box.top, box.right, box.bottom)))
    return lines


def _split(lines: Sequence[Line], heads: Sequence[Head], top: float) -> tuple[str, list[Line]]:
    above = [line for line in lines if line.middle < top]
    used = {id(head.line) for head in heads}
    title = max(
        (line for line in above if line.is_words),
        key=lambda line: line.height,
        default=None,
    )
    below = [line for line in lines if line.middle >= top and id(line) not in used]
    return (title.text if title else ""), below


def _columns(row: Sequence[Head], body: Sequence[Line]) -> list[Lane]:
    columns: list[list[Line]] = [[] for _ in row]
    place = Places(row, body)
    for line in body:
        if place.holds(line):
            columns[place(line)].append(line)
    whens = horizons(row)
    return [
        Lane(head.lane.text, horizon, items_in(lines))
        for head, horizon, lines in zip(row, whens, columns, strict=True)
    ]


def _row_labels(row: Sequence[Head], body: Sequence[Line]) -> list[Line]:
    """Find the names of a chart's rows: a column of text left of the first heading."""
    pitch = median(b.line.left - a.line.left for a, b in pairwise(row))
    first = row[0].line
    edge = min((line.left for line in body if line.is_words), default=0)
    if first.left - edge < 0.35 * pitch:
        return []
    labels = [
        line for line in body
        if line.is_words and line.left - edge <= 2 * line.height
        and line.middle > first.middle
    ]  # fmt: skip
    return labels if len(labels) > 1 else []


def _chart(row: Sequence[Head], labels: Sequence[Line], body: Sequence[Line]) -> list[Lane]:
    named = {id(line) for line in labels}
    bars = [line for line in body if id(line) not in named]
    texts = [line for line in bars if line.is_words]
    if len(texts) > 1.3 * len(labels):
        # The rows are teams or tracks, and the items stand in the chart.
        return _columns(row, bars)
    place = Places(row, texts or bars)
    whens = horizons(row)
    items: list[list[Item]] = [[] for _ in row]
    ordered = sorted(labels, key=lambda line: line.middle)
    for line in ordered:
        reach = _reach(line, ordered)
        beside = [bar for bar in bars if abs(bar.middle - line.middle) < reach]
        notes = tuple(bar.text for bar in beside if bar.is_words)
        column = place(min(beside, key=lambda bar: bar.left)) if beside else len(row) - 1
        items[column].append(Item(line.text, line.box, notes))
    return [
        Lane(head.lane.text, horizon, tuple(found))
        for head, horizon, found in zip(row, whens, items, strict=True)
    ]


def _reach(line: Line, ordered: Sequence[Line]) -> float:
    others = [abs(other.middle - line.middle) for other in ordered if other is not line]
    return min(others, default=line.height) / 2


def _section_starts(stack: Sequence[Head], lines: Sequence[Line]) -> list[float]:
    """Sections begin at their headings, or, where these stand beside the items, half-way between."""
    first, second = stack[0].line, stack[1].line
    texts = [line for line in lines if line.is_words]
    is_beside = sum(line.left > first.box[2] for line in texts) * 2 > len(texts)
    if not is_beside:
        return [float(head.line.box[1]) for head in stack]
    middles = [head.line.middle for head in stack]
    halfway = [(above + below) / 2 for above, below in pairwise(middles)]
    return [first.middle - (second.middle - first.middle) / 2, *halfway]


def _sections(stack: Sequence[Head], starts: Sequence[float], body: Sequence[Line]) -> list[Lane]:
    groups: list[list[Line]] = [[] for _ in stack]
    for line in body:
        groups[sum(line.middle >= start for start in starts[1:])].append(line)
    return [
        Lane(head.lane.text, horizon, items_in(lines))
        for head, horizon, lines in zip(stack, horizons(stack), groups, strict=True)
    ]


def _title_and_rest(lines: Sequence[Line]) -> tuple[str, list[Line]]:
    texts = [line for line in lines if line.is_words]
    rest = [line for line in lines if line.kind is not Kind.FURNITURE]
    if len(texts) < 2:  # noqa: PLR2004 - the only text is an item, not a title
        return "", rest
    top, *others = sorted(texts, key=lambda line: line.middle)
    is_large = top.height >= 1.25 * median(line.height for line in others)
    if is_large or "roadmap" in top.text.lower():
        return top.text, [line for line in rest if line is not top]
    return "", rest


def _unnamed(body: Sequence[Line]) -> list[Lane]:
    """Without headings that say when: a table or a list, or columns under headings of their own."""
    columns = _by_left_edge([line for line in body if line.is_words])
    if len(columns) > 1 and all(len(column) > 1 for column in columns):
        edges = [min(line.left for line in column) for column in columns]
        groups: list[list[Line]] = [[] for _ in columns]
        for line in body:
            reach = line.left + 2 * line.height
            at = max((i for i, edge in enumerate(edges) if edge <= reach), default=0)
            groups[at].append(line)
        return [_headed(lines) for lines in groups]
    return [Lane("", None, _rows(body))]


def _by_left_edge(texts: Sequence[Line]) -> list[list[Line]]:
    columns: list[list[Line]] = []
    for line in sorted(texts, key=lambda line: line.left):
        if columns and line.left - columns[-1][0].left <= 3 * line.height:
            columns[-1].append(line)
        else:
            columns.append([line])
    return columns


def _headed(lines: Sequence[Line]) -> Lane:
    items = items_in(lines)
    head, *rest = items
    first = max((line for line in lines if line.text == head.text), key=lambda line: line.height,
                default=None)  # fmt: skip
    others = [line.letter for line in lines if line.is_words and line is not first]
    is_head = first and others and first.letter > 1.15 * median(others)
    return Lane(head.text, None, tuple(rest)) if is_head and rest else Lane("", None, items)


def _rows(body: Sequence[Line]) -> tuple[Item, ...]:
    """Read a table or a list: in each row the leftmost text is the item."""
    edge = min((line.left for line in body if line.is_words), default=0)
    leading = [
        line for line in body
        if line.is_words and line.left - edge <= 3 * line.height
    ]  # fmt: skip
    beside = {
        id(line): [
            other for other in body
            if other.left > line.box[2] and abs(other.middle - line.middle) < line.height
        ]
        for line in leading
    }  # fmt: skip
    if not any(beside.values()):
        return items_in(body)
    return tuple(_row_item(line, beside[id(line)]) for line in leading)


def _row_item(line: Line, cells: Sequence[Line]) -> Item:
    states = [found for cell in cells if (found := horizon_of(cell.text))]
    notes = tuple(cell.text for cell in cells if cell.is_words)
    return Item(line.text, line.box, notes, states[0] if states else None)
