"""Where the figures come from: numbers of this process, and readings of what all share."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from storyloom.adapters.prometheus._readings import Reading
from storyloom.jobs.meter import Meter
from storyloom.jobs.schemas import JobCount, QueueDepth
from storyloom.kit.timings import Timings

# A poll takes less than a millisecond, a first picture of another format a second.
_REQUEST_BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
# A stream is kept for an hour at most; one that breaks off at once is worth knowing of.
_SOCKET_BOUNDS_S = (0.1, 1, 10, 60, 300, 900, 1800, 3600)


class HotCounts(Protocol):
    """How the polls of this process fared with hot state."""

    @property
    def hits(self) -> int:
        """Answers that it had."""
        ...

    @property
    def misses(self) -> int:
        """Answers that it had not."""
        ...

    @property
    def faults(self) -> int:
        """Times that it was away."""
        ...

    @property
    def outdated(self) -> int:
        """Answers that the archive proved wrong."""
        ...


class Sockets:
    """The WebSockets of this process. To be told of from one event loop; any thread may read."""

    def __init__(self) -> None:
        """Begin with none."""
        self.now = Counter[str]()  #: open ones, by route
        self.closed = Timings(*_SOCKET_BOUNDS_S)  #: by route and code

    def open(self, route: str) -> None:
        """One more is open."""
        self.now[route] += 1

    def close(self, route: str, code: int, seconds: float) -> None:
        """One is not any more."""
        self.now[route] -= 1
        self.closed.add((route, str(code)), seconds)


@dataclass(frozen=True, slots=True)
class Sources:
    """All there is; None stands for a part that cannot be read here."""

    meter: Meter
    #: by method, route and status
    requests: Timings = field(default_factory=lambda: Timings(*_REQUEST_BOUNDS_S))
    sockets: Sockets = field(default_factory=Sockets)
    hot: HotCounts | None = None
    jobs: Reading[Sequence[JobCount]] | None = None
    archive_bytes: Reading[int | None] | None = None
    queues: Reading[Sequence[QueueDepth]] | None = None
    memory_bytes: Reading[int | None] | None = None
    workers: Reading[int | None] | None = None

    @property
    def readings(self) -> Iterator[Reading[object]]:
        """Everything that has to be looked up."""
        found = (self.jobs, self.archive_bytes, self.queues, self.memory_bytes, self.workers)
        return (reading for reading in found if reading is not None)
