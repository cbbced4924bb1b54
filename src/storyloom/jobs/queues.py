"""Queues as operators see and stop them, and what waits in them."""

import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import anyio

from storyloom.errors import NotFound, StoryloomError
from storyloom.jobs.ports import Engine, QueueStatistics, QueueSwitches
from storyloom.jobs.schemas import QueueDepth, QueueState
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId

OBEY_EVERY_S = 2.0
log = logging.getLogger(__name__)
#: Lets nothing of these queues begin in this process, and all others.
Rest = Callable[[Collection[str]], None]


class QueueNotFound(NotFound):
    """There is no such queue."""

    code = "queue_not_found"


@dataclass(frozen=True, slots=True)
class Waits:
    """Why a job has not begun."""

    ahead: int | None  #: how many go first; None: nobody knows
    is_paused: bool  #: nothing of its queue begins


class Queues:
    """All queues. A queue that is paused stays so until somebody resumes it, also over restarts."""

    def __init__(
        self,
        names: Collection[str],
        switches: QueueSwitches,
        engine: Engine,
        clock: Clock,
        *,
        rest: Rest,
    ) -> None:
        """Take their names, where it is kept which are paused, and who obeys in this process."""
        self._names = sorted(names)
        self._switches = switches
        self.engine = engine
        self._clock = clock
        self._rest = rest

    async def all(self) -> Sequence[QueueState]:
        """Every queue. What waits in them is known where workers share them."""
        paused = await self._switches.paused()
        known: dict[str, QueueDepth] = {}
        if isinstance(self.engine, QueueStatistics):
            known = {depth.name: depth for depth in await self.engine.queues()}
        return [
            QueueState(
                name=name,
                paused=name in paused,
                paused_at=paused.get(name),
                waiting=known[name].waiting if name in known else None,
                running=known[name].running if name in known else None,
            )
            for name in self._names
        ]

    async def pause(self, name: str) -> QueueState:
        """Let nothing more of it begin; what runs goes on. Raises `QueueNotFound`."""
        return await self._switched(name, lambda: self._switches.pause(name, self._clock.now()))

    async def resume(self, name: str) -> QueueState:
        """Let it go on; raises `QueueNotFound`."""
        return await self._switched(name, lambda: self._switches.resume(name))

    async def obey(self) -> None:
        """Do in this process as is kept."""
        self._rest((await self._switches.paused()).keys())

    async def obey_forever(self, every_s: float = OBEY_EVERY_S) -> None:
        """Do so again and again; what is kept may be out of reach for a while."""
        while True:
            try:
                await self.obey()
            except StoryloomError as fault:
                log.info("nobody knows which queues are paused", extra={"reason": fault.message})
            await anyio.sleep(every_s)

    async def waits(self, job_id: JobId, queue: str) -> Waits:
        """Why a job of this queue, which is to begin, has not."""
        is_paused = queue in await self._switches.paused()
        return Waits(await self.engine.ahead(job_id), is_paused)

    async def _switched(self, name: str, switch: Callable[[], Awaitable[None]]) -> QueueState:
        if name not in self._names:
            raise QueueNotFound
        await switch()
        await self.obey()
        return next(queue for queue in await self.all() if queue.name == name)
