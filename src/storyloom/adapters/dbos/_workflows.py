"""Pipelines as DBOS workflows: so many run at a time, on the loop that our services live on."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from dbos import DBOS

from storyloom.adapters.dbos._steps import DbosSteps, HomeLoop
from storyloom.jobs.errors import HandedOver
from storyloom.jobs.ports import Pipeline
from storyloom.kit.ids import JobId

# A job that has brought down its worker so often is given up; a crash of ours costs one.
MAX_RECOVERIES = 25


@dataclass(frozen=True, slots=True)
class Concurrency:
    """How many jobs run at the same time in this process.

    Jobs of a queue of its `own` do not count among the `usual` ones: they may wait for hours, and
    must not keep from work what takes a minute.
    """

    usual: int
    own: Mapping[str, int] = field(default_factory=dict[str, int])

    @property
    def total(self) -> int:
        """All together."""
        return self.usual + sum(self.own.values())


class Workflows:
    """The workflows of this process."""

    def __init__(
        self,
        pipelines: Collection[Pipeline],
        concurrency: Concurrency,
        *,
        at_end: Callable[[], object] = lambda: None,
    ) -> None:
        """Register the pipelines. Call it on the event loop that the services live on.

        `at_end` is called whenever a job has ended, from any thread.
        """
        self._at_end = at_end
        self._home = HomeLoop()
        self._usual = asyncio.Semaphore(concurrency.usual)
        self._own = {queue: asyncio.Semaphore(size) for queue, size in concurrency.own.items()}
        #: Jobs that this process has let go of, and that are unfinished.
        self.handed_over: set[str] = set()
        self.by_name: dict[str, Any] = {p.name: self._workflow(p) for p in pipelines}

    def _workflow(self, pipeline: Pipeline) -> Any:
        turns = self._own.get(pipeline.queue, self._usual)

        async def run(job_id: str) -> None:
            await self._home.run(_acquire(turns))
            try:
                await pipeline.run(JobId(job_id), DbosSteps(self._home))
            except HandedOver:
                await self._let_go(job_id)
            finally:
                self._home.call(turns.release)
                self._at_end()

        return DBOS.workflow(name=pipeline.name, max_recovery_attempts=MAX_RECOVERIES)(run)

    async def _let_go(self, job_id: str) -> None:
        """Never return: whatever this returned would be the end of the job."""
        self.handed_over.add(job_id)
        self._at_end()
        await asyncio.Event().wait()


async def _acquire(turns: asyncio.Semaphore) -> None:
    await turns.acquire()
