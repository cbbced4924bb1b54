"""Taking up the jobs of workers that have died."""

import logging
from collections.abc import Callable, Sequence

import anyio
from anyio import to_thread

from storyloom.errors import Unavailable
from storyloom.jobs.ports import Takeover, WorkerRegistry
from storyloom.jobs.schemas import Worker, WorkerSeen
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

    def run_once(self) -> int:
        """Look, act, and say how many jobs were brought back. Blocks."""
        seen = self._registry.seen()
        dead = [w for w in self._watch.look(seen, self._clock_s()) if w.worker != self._own]
        living = frozenset(w.worker.version for w in seen if w not in dead) | {self._own.version}
        if not dead and living == self._versions:
            return 0
        with self._registry.alone() as mine:
            if not mine:
                return 0  # whoever is inside does it, or we do it at the next look
            # Looked at again: somebody else may have acted, or a worker been heard, just now.
            now = {(w.worker.id, w.beat_at) for w in self._registry.seen()}
            still = [w for w in dead if (w.worker.id, w.beat_at) in now]
            brought = self._take_up(still, living)
        self._versions = living
        return brought

    async def run_forever(self, every_s: float = LOOK_EVERY_S) -> None:
        """Look again and again; a registry that is away is looked at again when it is back."""
        while True:
            try:
                await to_thread.run_sync(self.run_once)
            except Unavailable as fault:
                log.info("reaper cannot look", extra={"reason": fault.message})
            await anyio.sleep(every_s)

    def _take_up(self, dead: Sequence[WorkerSeen], living: frozenset[str]) -> int:
        ours = [w.worker.id for w in dead if w.worker.version == self._own.version]
        # Workers of another living version are left to one of that version.
        orphaned = [w.worker.id for w in dead if w.worker.version not in living]
        brought = self._takeover.recover(ours) if ours else 0
        brought += self._takeover.renew(living)
        self._registry.remove([*ours, *orphaned])
        for worker in dead:
            told = {"worker": worker.worker.id, "host": worker.worker.host}
            log.warning("worker is gone", extra={**told, "said_so": worker.has_left})
        if brought:
            log.warning("jobs taken up", extra={"count": brought})
        return brought
