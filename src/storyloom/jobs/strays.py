"""Jobs that the engine has given to somebody and that nobody has.

A worker that was struck off, and wakes up to take one more job before it dies for good. A claim that
the database made and whose answer was lost on the way. Nobody's death tells of them, so they are
looked for.
"""

from collections.abc import Callable, Collection, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

from storyloom.jobs.ports import Takeover
from storyloom.jobs.schemas import Worker
from storyloom.jobs.watch import LEASE_S

LOOK_EVERY_S = 4.0
K = TypeVar("K", bound=Hashable)


class Lasting(Generic[K]):
    """What has been there at every look for a whole lease."""

    def __init__(self, lease_s: float = LEASE_S) -> None:
        """Take how long."""
        self._lease_s = lease_s
        self._since: dict[K, float] = {}

    def look(self, found: Collection[K], now_s: float) -> set[K]:
        """Take in what is there now, and name what lasts."""
        self._since = {each: self._since.get(each, now_s) for each in found}
        return {each for each, since in self._since.items() if now_s - since >= self._lease_s}


@dataclass(frozen=True, slots=True)
class Strays:
    """What was found: workers that nobody knows, and jobs that never arrived here."""

    workers: Collection[str]
    jobs: Collection[str]
    bring_back: Callable[[], int]

    def __bool__(self) -> bool:
        """Whether there is anything."""
        return bool(self.workers or self.jobs)


class StrayWatch:
    """Looks for them, seldom: it costs two queries."""

    def __init__(self, takeover: Takeover, own: Worker) -> None:
        """Take who we are."""
        self._takeover = takeover
        self._own = own
        self._unknown = Lasting[str]()
        self._claims = Lasting[tuple[str, str]]()
        self._looked_at_s: float | None = None

    def look(self, registered: Collection[str], now_s: float) -> Strays:
        """What has strayed for a whole lease."""
        workers: Collection[str] = ()
        jobs: Collection[str] = ()
        if self._looked_at_s is None or now_s - self._looked_at_s >= LOOK_EVERY_S:
            self._looked_at_s = now_s
            unknown = set(self._takeover.holders()) - {*registered, self._own.id}
            workers = self._unknown.look(unknown, now_s)
            claims = self._takeover.stranded(self._own.id).items()
            jobs = {job for job, _ in self._claims.look(list(claims), now_s)}
        return Strays(workers, jobs, lambda: self._bring_back(workers, jobs))

    def _bring_back(self, workers: Collection[str], jobs: Collection[str]) -> int:
        brought = self._takeover.recover(list(workers)) if workers else 0
        return brought + (self._takeover.requeue(self._own.id, jobs) if jobs else 0)
