"""Taking up the jobs of workers that have died."""

import logging
from collections.abc import Callable, Sequence

import anyio
from anyio import to_thread

from storyloom.errors import Unavailable
from storyloom.jobs.ports import Takeover, WorkerRegistry
from storyloom.jobs.schemas import Worker, WorkerSeen
from storyloom.jobs.strays import StrayWatch
from storyloom.jobs.watch import Watch

LOOK_EVERY_S = 2.0
log = logging.getLogger(__name__)


class Reaper:
    """One in every worker; of all that see a death at the same time, one acts.

    A dead worker's jobs can only go on in a worker of the same version. Where none lives, they are
    started anew in the version that does.
    """

    def __init__(
        self,
        registry: WorkerRegistry,
        takeover: Takeover,
        *,
        own: Worker,
        watch: Watch,
        clock_s: Callable[[], float],
    ) -> None:
        """Take who we are, and a clock that never goes back."""
        self._registry = registry
        self._takeover = takeover
        self._own = own
        self._watch = watch
        self._clock_s = clock_s
        self._versions: frozenset[str] = frozenset()
        self._strays = StrayWatch(takeover, own)

    def run_once(self) -> int:
        """Look, act, and say how many jobs were brought back. Blocks."""
        asked_at_s = self._clock_s()
        seen = self._registry.seen()
        looked = self._watch.look(seen, self._clock_s(), asked_at_s)
        dead = [w for w in looked if w.worker != self._own]
        strays = self._strays.look({w.worker.id for w in seen}, self._clock_s())
        if not dead and not strays and self._living(seen, dead) == self._versions:
            return 0
        with self._registry.alone() as mine:
            if not mine:
                return 0  # whoever is inside does it, or we do it at the next look
            # Looked at again: somebody else may have acted, or a worker been heard, just now.
            seen = self._registry.seen()
            now = {(w.worker.id, w.beat_at) for w in seen}
            still = [w for w in dead if (w.worker.id, w.beat_at) in now]
            living = self._living(seen, still)
            brought = self._take_up(still, living) + strays.bring_back()
        self._versions = living
        return brought

    def _living(self, seen: Sequence[WorkerSeen], dead: Sequence[WorkerSeen]) -> frozenset[str]:
        gone = {w.worker.id for w in dead}
        return frozenset(
            {self._own.version, *(w.worker.version for w in seen if w.worker.id not in gone)}
        )

    async def run_forever(self, every_s: float = LOOK_EVERY_S) -> None:
        """Look again and again; a registry that is away is looked at again when it is back."""
        while True:
            try:
                await to_thread.run_sync(self.run_once)
            except Unavailable as fault:
                log.info("reaper cannot look", extra={"reason": fault.message})
            except Exception:  # the last one who takes up jobs must not end for a fault of ours
                log.exception("reaper failed")
            await anyio.sleep(every_s)

    def _take_up(self, dead: Sequence[WorkerSeen], living: frozenset[str]) -> int:
        ours = [w.worker.id for w in dead if w.worker.version == self._own.version]
        # Workers of another living version are left to one of that version.
        orphaned = [w.worker.id for w in dead if w.worker.version not in living]
        brought = self._takeover.recover(ours) if ours else 0
        brought += self._takeover.renew(living)
        # Whoever still has something in hand is looked at again.
        held = self._takeover.holders()
        self._registry.remove([w for w in (*ours, *orphaned) if w not in held])
        for worker in dead:
            told = {"worker": worker.worker.id, "host": worker.worker.host}
            log.warning("worker is gone", extra={**told, "said_so": worker.has_left})
        if brought:
            log.warning("jobs taken up", extra={"count": brought})
        return brought
