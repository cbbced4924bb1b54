"""Pipelines as DBOS workflows: so many run at a time, on the loop that our services live on."""

import asyncio
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from dbos import DBOS

from storyloom.adapters.dbos._steps import DbosSteps, HomeLoop
from storyloom.adapters.dbos._turns import Turns
from storyloom.jobs.errors import HandedOver
from storyloom.jobs.ports import Pipeline
from storyloom.jobs.schemas import Priority
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
        self.turns = Turns(concurrency.usual, concurrency.own)
        #: Jobs that this process has let go of, and that are unfinished.
        self.handed_over: set[str] = set()
        self.by_name: dict[str, Any] = {p.name: self._workflow(p) for p in pipelines}

    @property
    def idle(self) -> Collection[str]:
        """Jobs that nobody has to wait for when this process ends: another one goes on with them."""
        return self.handed_over | set(self.turns.held)

    def _workflow(self, pipeline: Pipeline) -> Any:
        turns, queue = self.turns, pipeline.queue

        async def run(job_id: str, priority: int = Priority.NORMAL) -> None:
            await self._home.run(turns.take(job_id, queue, priority))
            try:
                await pipeline.run(JobId(job_id), DbosSteps(self._home))
            except HandedOver:
                await self._let_go(job_id)
            finally:
                self._home.call(partial(turns.give_back, queue))
                self._at_end()

        return DBOS.workflow(name=pipeline.name, max_recovery_attempts=MAX_RECOVERIES)(run)

    async def _let_go(self, job_id: str) -> None:
        """Never return: whatever this returned would be the end of the job."""
        self.handed_over.add(job_id)
        self._at_end()
        await asyncio.Event().wait()
