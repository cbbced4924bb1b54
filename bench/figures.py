"""A figure, what it is compared with, and whether it meets its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Times:
    """Durations of one thing, done again and again, in seconds."""

    each: Sequence[float]

    @property
    def median(self) -> float:
        return median(self.each)

    @property
    def p99(self) -> float:
        return sorted(self.each)[ceil(len(self.each) * 0.99) - 1]

    def __str__(self) -> str:
        return f"{_short(self.median)} (p99 {_short(self.p99)})"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of the table."""

    what: str
    ours: str
    baseline: str = ""
    ratio: float | None = None
    target: str = ""
    is_met: bool | None = None


def compared(
    what: str, ours: Times, baseline: Times, *, named: str, at_most: float | None = None
) -> Figure:
    """Ours against the baseline, by their medians."""
    ratio = ours.median / baseline.median
    return Figure(
        what=what,
        ours=str(ours),
        baseline=f"{baseline}: {named}",
        ratio=ratio,
        target="" if at_most is None else f"ratio <= {at_most:g}",
        is_met=None if at_most is None else ratio <= at_most,
    )


def skipped(what: str, why: str) -> Figure:
    """A row that could not be measured here."""
    return Figure(what, "-", f"skipped: {why}")


def _short(seconds: float) -> str:
    milliseconds = seconds * 1000
    return f"{milliseconds:.1f} ms" if milliseconds >= 1 else f"{milliseconds * 1000:.0f} us"
