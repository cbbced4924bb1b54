"""Finding accepted jobs that nobody runs, and mending that."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import anyio

from storyloom.errors import StoryloomError
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import Engine, RunState
from storyloom.jobs.schemas import Priority
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId

PAGE = 200
# The step of the clocks that jobs are kept by.
_TICK = timedelta(microseconds=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenJob:
    """A job that was accepted, and has not ended."""

    id: JobId
    pipeline: str
    created_at: datetime
    priority: Priority = Priority.NORMAL


class Accepted(Protocol):
    """Where accepted jobs of one kind are kept."""

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[OpenJob]:
        """Jobs that have not ended, the oldest first. Neither of the two times is included."""
        ...

    async def fail(self, job_id: JobId, *, message: str, code: str) -> bool:
        """Write the end of a job of which there is none: False where it has ended meanwhile."""
        ...


class Reconciler:
    """Compares what was accepted with the engine.

    A job that was accepted and never started is started. A job whose run has ended without
    writing its end, which only a fault of ours can cause, is failed with a reason.
    """

    def __init__(
        self,
        accepted: Accepted,
        engine: Engine,
        *,
        clock: Clock,
        grace_s: float = 5.0,
        meter: Meter | None = None,
    ) -> None:
        """Leave jobs alone that are younger than the grace: their request is still at work."""
        self._accepted = accepted
        self._engine = engine
        self._clock = clock
        self._grace = timedelta(seconds=grace_s)
        self._meter = meter or Meter()

    async def run_once(self) -> int:
        """Mend what is amiss now, and say how many jobs that were.

        Every open job is looked at, page by page: a lost one may wait behind thousands that run.
        """
        before = self._clock.now() - self._grace
        after: datetime | None = None
        seen = set[JobId]()
        mended = 0
        while True:
            page = await self._accepted.unfinished(
                created_before=before, created_after=after, limit=PAGE
            )
            fresh = [job for job in page if job.id not in seen]
            mended += await self._look_at(fresh)
            if len(page) < PAGE:
                return mended
            # Jobs of one instant may lie on both sides of the cut, so the next page begins with
            # that instant; where it fills a whole page by itself, the page after goes past it.
            seen = {job.id for job in page}
            after = page[-1].created_at - (_TICK if fresh else timedelta())

    async def run_forever(self, every_s: float) -> None:
        """Mend again and again; a fault is logged and the next round tries again."""
        while True:
            try:
                await self.run_once()
            except StoryloomError as fault:
                log.warning("reconciler could not look", extra={"reason": fault.message})
            await anyio.sleep(every_s)

    async def _look_at(self, open_jobs: Sequence[OpenJob]) -> int:
        if not open_jobs:
            return 0
        states = await self._engine.states([job.id for job in open_jobs])
        mended = 0
        for job in open_jobs:
            if states[job.id] is not RunState.ACTIVE:
                mended += await self._mended(job, states[job.id])
        return mended

    async def _mended(self, job: OpenJob, state: RunState) -> bool:
        """Whether it worked: one job that cannot be mended now must not keep others waiting.

        It may be of a kind that only another version knows, so it waits and is not failed.
        """
        try:
            await self._mend(job, state)
        except StoryloomError as fault:
            told = {"job_id": job.id, "reason": fault.message}
            log.warning("a lost job has to wait", extra=told)
            return False
        return True

    async def _mend(self, job: OpenJob, state: RunState) -> None:
        if state is RunState.UNKNOWN:
            log.info("starting a job that was accepted and not started", extra={"job_id": job.id})
            await self._engine.start(job.id, job.pipeline, job.priority)
            self._meter.mended["started"] += 1
        else:
            sentence = "The run ended unexpectedly; please try again."
            if await self._accepted.fail(job.id, message=sentence, code="internal"):
                log.error("a run ended without writing its end", extra={"job_id": job.id})
                self._meter.mended["failed"] += 1
