"""The embedded engine: a pipeline is a DBOS workflow of this process, its id is the job's id."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
from anyio import CancelScope, to_thread
from dbos import DBOS, SetWorkflowID

from storyloom.adapters.dbos._idle import InternalQueue
from storyloom.adapters.dbos._runtime import (
    PIPELINES_VERSION,
    Patience,
    config_of,
    launched,
    running,
)
from storyloom.adapters.dbos._sqlite import engine_for
from storyloom.adapters.dbos._states import run_states, step_records
from storyloom.adapters.dbos._translation import translated
from storyloom.adapters.dbos._workflows import Concurrency, Workflows
from storyloom.adapters.dbos.takeover import DbosTakeover
from storyloom.errors import Unsupported
from storyloom.jobs.ports import Pipeline, RunState
from storyloom.jobs.schemas import Priority, StepRecord
from storyloom.kit.ids import JobId


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the engine is opened.

    `executor_id` has to be the same after a restart, and no two living processes may share it:
    its unfinished workflows are taken up at launch.
    """

    database_url: str
    executor_id: str
    concurrency: Concurrency = field(default_factory=lambda: Concurrency(8))
    patience: Patience = field(default_factory=lambda: Patience(5))
    version: str = PIPELINES_VERSION
    resting: Collection[str] = ()  #: queues of which nothing begins at first


class DbosEngine:
    """Runs pipelines in this process, durably."""

    def __init__(self, workflows: Workflows) -> None:
        """Take the registered workflows."""
        self._workflows = workflows

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        """Start the job; starting it twice is starting it once."""
        workflow = self._workflows.by_name.get(pipeline)
        if workflow is None:
            raise Unsupported(f"This version knows no pipeline {pipeline!r}.", system="engine")
        with translated(), SetWorkflowID(job_id):
            await DBOS.start_workflow_async(workflow, job_id, int(priority))

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        """What the engine knows of each job, in one query."""
        with translated():
            found = await DBOS.list_workflows_async(
                workflow_ids=list(job_ids), load_input=False, load_output=False
            )
        return run_states(job_ids, found)

    async def steps(self, job_id: JobId) -> Sequence[StepRecord]:
        """The steps of the job that have ended."""
        with translated():
            return step_records(await DBOS.list_workflow_steps_async(job_id))

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        """Remove what is kept of jobs that have ended."""
        with translated():
            await DBOS.delete_workflows_async(list(job_ids))

    def rest(self, queues: Collection[str]) -> None:
        """Let nothing of these queues begin, and all others."""
        self._workflows.turns.rest(queues)

    async def ahead(self, job_id: JobId) -> int | None:
        """How many are taken before the job; None where it does not wait."""
        return self._workflows.turns.ahead(job_id)

    async def ping(self) -> None:
        """Ask for a job that does not exist."""
        await self.states([JobId("ping")])


@asynccontextmanager
async def open_engine(
    options: EngineOptions, pipelines: Sequence[Pipeline]
) -> AsyncGenerator[DbosEngine]:
    """Open the engine, take up what was unfinished, and drain it in the end."""
    database = engine_for(options.database_url)
    config = config_of(options.database_url, options.executor_id, options.version)
    dbos = DBOS(config={**config, "system_database_engine": database})
    queue = InternalQueue(dbos)
    workflows = Workflows(pipelines, options.concurrency)
    workflows.turns.rest(options.resting)
    try:
        async with launched(dbos), anyio.create_task_group() as tasks:
            await to_thread.run_sync(_forget_older_versions, options.version)
            tasks.start_soon(queue.calm)
            yield DbosEngine(workflows)
            tasks.cancel_scope.cancel()
            with CancelScope(shield=True):
                await options.patience.until(lambda: not running(dbos, workflows.idle))
    finally:
        if database is not None:
            database.dispose()


def _forget_older_versions(version: str) -> None:
    """Forget unfinished runs of pipelines of another shape: DBOS would never resume them.

    Their jobs are then unknown to the engine, and are started anew in the new shape.
    """
    DbosTakeover(version).renew({version})
