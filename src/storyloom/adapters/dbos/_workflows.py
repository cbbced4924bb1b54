"""Pipelines as DBOS workflows: so many run at a time, on the loop that our services live on."""

import asyncio
from collections.abc import Callable, Collection
from typing import Any

from dbos import DBOS

from storyloom.adapters.dbos._steps import DbosSteps, HomeLoop
from storyloom.jobs.ports import Pipeline
from storyloom.kit.ids import JobId

# A job that has brought down its worker so often is given up; a crash of ours costs one.
MAX_RECOVERIES = 25


class Workflows:
    """The workflows of this process."""

    def __init__(
        self,
        pipelines: Collection[Pipeline],
        concurrency: int,
        *,
        at_end: Callable[[], object] = lambda: None,
    ) -> None:
        """Register the pipelines. Call it on the event loop that the services live on.

        `at_end` is called whenever a job has ended, from any thread.
        """
        self._at_end = at_end
        self._home = HomeLoop()
        self._turns = asyncio.Semaphore(concurrency)
        self.by_name: dict[str, Any] = {p.name: self._workflow(p) for p in pipelines}

    def _workflow(self, pipeline: Pipeline) -> Any:
        async def run(job_id: str) -> None:
            await self._home.run(self._acquire())
            try:
                await pipeline.run(JobId(job_id), DbosSteps(self._home))
            finally:
                self._home.call(self._turns.release)
                self._at_end()

        return DBOS.workflow(name=pipeline.name, max_recovery_attempts=MAX_RECOVERIES)(run)

    async def _acquire(self) -> None:
        await self._turns.acquire()
