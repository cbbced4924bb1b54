"""How long things took, as counts in buckets: half a microsecond to add, and nothing to wait for."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Labels = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bucketed:
    """The durations with the same labels: how many were at most as long as each bound."""

    labels: Labels
    cumulative: tuple[int, ...]  #: one for each bound, and the number of all
    sum_s: float


class Timings:
    """Durations by labels. To be added to from one event loop; any thread may read."""

    def __init__(self, *bounds_s: float) -> None:
        """Take the upper bounds of the buckets, in seconds, the smallest first."""
        self.bounds_s: Sequence[float] = bounds_s
        self._cells: dict[Labels, list[float]] = {}

    def add(self, labels: Labels, seconds: float) -> None:
        """Count one more."""
        cell = self._cells.get(labels)
        if cell is None:
            # A count for each bucket, one for what is longer than all bounds, and the sum.
            cell = self._cells[labels] = [0] * (len(self.bounds_s) + 2)
        cell[bisect_left(self.bounds_s, seconds)] += 1
        cell[-1] += seconds

    def read(self) -> Iterator[Bucketed]:
        """All that was added so far."""
        for labels, cell in list(self._cells.items()):
            *counts, sum_s = cell
            cumulative: list[int] = []
            for count in counts:
                cumulative.append(int(count) + (cumulative[-1] if cumulative else 0))
            yield Bucketed(labels, tuple(cumulative), sum_s)
