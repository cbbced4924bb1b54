"""Who of the workers is dead, as far as one watcher can tell.

A worker is dead when its beat has stood still for a whole lease while we were looking all the time.
So after an outage of the database, or after the watcher itself was stopped, everybody has a full
lease to be heard again before anybody is declared dead. Half a lease will do for one that has been
silent for two by the registry's own clock: a watcher that has just started need not count from
nought, and whoever lives beats twice in that time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storyloom.jobs.schemas import WorkerSeen

LEASE_S = 8.0


@dataclass(frozen=True, slots=True)
class _Sight:
    beat_at: datetime
    since_s: float


class Watch:
    """What one watcher has seen so far. Times are seconds of any clock that never goes back."""

    def __init__(self, lease_s: float = LEASE_S) -> None:
        """Take how long a beat may stand still."""
        self._lease_s = lease_s
        self._sights: dict[str, _Sight] = {}
        self._looked_at_s: float | None = None

    def look(
        self, workers: Sequence[WorkerSeen], now_s: float, asked_at_s: float | None = None
    ) -> list[WorkerSeen]:
        """Take in how the workers are now, and name the dead ones.

        Where the answer took its time, `asked_at_s` says when it was asked for.
        """
        asked_at_s = now_s if asked_at_s is None else asked_at_s
        if self._looked_at_s is None or asked_at_s - self._looked_at_s > self._lease_s / 2:
            self._sights = {}  # we were away, so we cannot tell who beat meanwhile
        self._looked_at_s = now_s
        self._sights = {w.worker.id: self._sight(w, now_s) for w in workers}
        return [w for w in workers if w.has_left or self._is_still(w, now_s)]

    def _sight(self, seen: WorkerSeen, now_s: float) -> _Sight:
        before = self._sights.get(seen.worker.id)
        if before is not None and before.beat_at == seen.beat_at:
            return before
        return _Sight(seen.beat_at, now_s)

    def _is_still(self, seen: WorkerSeen, now_s: float) -> bool:
        still_s = now_s - self._sights[seen.worker.id].since_s
        is_long_silent = seen.silent_s >= 2 * self._lease_s
        return still_s >= (self._lease_s / 2 if is_long_silent else self._lease_s)
