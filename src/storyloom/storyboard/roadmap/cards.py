"""From the lines of one column to its cards: which line opens an item, which belongs to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from storyloom.storyboard.roadmap.words import Horizon, Kind, horizon_of

Box = tuple[int, int, int, int]

_NOTE_SIZE = 0.88  # of the title's letters; what is smaller is a note
_NEW_CARD_PITCH = 1.45  # times the usual distance between the lines of one card
_CHIP_SIZE = 0.97
_NEAR = 5  # letters' widths; lines of one card are no farther apart
_EVEN = 1.3  # distances that differ by less are one and the same
_LONGEST_TITLE = 90


@dataclass(frozen=True, slots=True)
class Line:
    """A cleaned line of text, what it is, and where."""

    text: str
    kind: Kind
    box: Box

    @property
    def is_words(self) -> bool:
        """Whether it can name or describe an item."""
        return self.kind in {Kind.TEXT, Kind.CODE_NAME}

    @property
    def left(self) -> int:
        """The left edge."""
        return self.box[0]

    @property
    def middle(self) -> float:
        """The height of the middle; edges differ with the letters, the middle does not."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> int:
        """The height of the box."""
        return max(1, self.box[3] - self.box[1])

    @property
    def letter(self) -> float:
        """The mean width of a letter, which tells the size of the type better than the height."""
        return (self.box[2] - self.box[0]) / max(1, len(self.text))


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the roadmap: its name, the notes under it, and how far it says that it is."""

    text: str
    box: Box
    notes: tuple[str, ...] = ()
    horizon: Horizon | None = None


@dataclass(slots=True)
class _Card:
    title: list[Line]
    notes: list[Line] = field(default_factory=list[Line])
    facts: list[Line] = field(default_factory=list[Line])

    def item(self) -> Item:
        states = [line.text for line in self.facts if line.kind is Kind.STATUS]
        return Item(
            text=" ".join(line.text for line in self.title),
            box=around([line.box for line in self.title]),
            notes=tuple(line.text for line in self.notes),
            horizon=next((found for state in states if (found := horizon_of(state))), None),
        )


def around(boxes: Sequence[Box]) -> Box:
    """Give the smallest box that holds them all."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def items_in(lines: Iterable[Line]) -> tuple[Item, ...]:
    """Group one column's lines into items, from the top down."""
    column = in_rows(lines)
    usual = _usual_pitch(column)
    widest = max((line.box[2] for line in column), default=0)
    cards: list[_Card] = []
    previous: Line | None = None
    for line in column:
        if not line.is_words or _is_chip(line, cards):
            if cards:
                cards[-1].facts.append(line)
        elif previous is None or not cards or _opens(line, previous, cards[-1], usual):
            cards.append(_Card([line]))
        elif previous in cards[-1].title and _wraps(line, previous, cards[-1], widest):
            cards[-1].title.append(line)
        else:
            cards[-1].notes.append(line)
        previous = line
    return tuple(card.item() for card in cards)


def in_rows(lines: Iterable[Line]) -> list[Line]:
    """Put lines in reading order; in one row, a pixel up or down does not matter."""
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and line.middle - rows[-1][0].middle < line.height / 2:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.left)]


def _is_chip(line: Line, cards: Sequence[_Card]) -> bool:
    """Whether a text stands in a row of facts, such as `Included` behind a version and a date."""
    if not cards:
        return False
    beside = [
        fact for fact in cards[-1].facts if abs(line.middle - fact.middle) < line.height / 2
    ]  # fmt: skip
    # One fact alone may be the number of the card whose title this is.
    is_small = line.letter < cards[-1].title[0].letter * _CHIP_SIZE
    return len(beside) > 1 or (len(beside) == 1 and is_small)


def _usual_pitch(column: Sequence[Line]) -> float | None:
    """Tell the usual distance between neighbouring lines of one card; `None` when all are apart."""
    pitches = [
        below.middle - above.middle
        for above, below in pairwise(column)
        if above.is_words and below.is_words and below.middle - above.middle > below.height / 2
    ]
    far = _NEAR * median([line.letter for line in column if line.is_words] or [0])
    near = [pitch for pitch in pitches if pitch <= far]
    if not near:
        return None
    is_even = len(column) == len(pitches) + 1 and max(pitches) < _EVEN * min(pitches)
    return None if is_even else min(near)


def _opens(line: Line, previous: Line, card: _Card, usual: float | None) -> bool:
    """Whether a line of text begins the next card."""
    pitch = line.middle - previous.middle
    is_near = usual is not None and pitch <= usual * _NEW_CARD_PITCH
    if line.text[0].islower() and pitch <= 2 * line.height:
        return False
    if previous.is_words:
        return not is_near
    # Facts (a date, a state) close a card, unless small type goes on right below them.
    is_small = line.letter < card.title[0].letter * _NOTE_SIZE
    return not (is_small and pitch <= _NEAR * line.letter)


def _wraps(line: Line, previous: Line, card: _Card, widest: int) -> bool:
    """Whether a line goes on with the title, rather than being a note."""
    if line.letter < previous.letter * _NOTE_SIZE:
        return False
    is_full = previous.box[2] + line.letter * (len(line.text.split()[0]) + 1) > widest
    length = sum(len(part.text) for part in (*card.title, line))
    return length <= _LONGEST_TITLE and (is_full or line.text[0].islower())
