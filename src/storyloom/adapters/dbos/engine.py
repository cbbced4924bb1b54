"""The engine: a pipeline is a DBOS workflow, and its id is the job's id."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import anyio
from anyio import to_thread
from dbos import DBOS, DBOSConfig, SetWorkflowID
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from storyloom.adapters.dbos._idle import InternalQueue
from storyloom.adapters.dbos._sqlite import engine_for
from storyloom.adapters.dbos._steps import DbosSteps, HomeLoop, JsonSerializer
from storyloom.errors import Unavailable, Unsupported
from storyloom.jobs.ports import Pipeline, RunState
from storyloom.kit.ids import JobId

# The shape of the pipelines, not of the package: raise it when steps change their names or order.
# DBOS resumes a workflow only under the version that started it.
PIPELINES_VERSION = "1"
_ACTIVE = frozenset({"PENDING", "ENQUEUED", "DELAYED"})
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EngineOptions:
    """How the engine is opened.

    `executor_id` has to be the same after a restart, and no two living processes may share it:
    its unfinished workflows are taken up at launch.
    """

    database_url: str
    executor_id: str
    concurrency: int = 8
    drain_s: int = 5
    version: str = PIPELINES_VERSION


class DbosEngine:
    """Runs pipelines in this process, durably."""

    def __init__(self, options: EngineOptions, pipelines: Sequence[Pipeline]) -> None:
        """Register the pipelines. Call it on the event loop that the services live on."""
        self._home = HomeLoop()
        self._turns = asyncio.Semaphore(options.concurrency)
        self._workflows: dict[str, Any] = {p.name: self._workflow(p) for p in pipelines}

    def _workflow(self, pipeline: Pipeline) -> Any:
        async def run(job_id: str) -> None:
            await self._home.run(self._acquire())
            try:
                await pipeline.run(JobId(job_id), DbosSteps(self._home))
            finally:
                self._home.call(self._turns.release)

        return DBOS.workflow(name=pipeline.name)(run)

    async def _acquire(self) -> None:
        await self._turns.acquire()

    async def start(self, job_id: JobId, pipeline: str) -> None:
        """Start the job; starting it twice is starting it once."""
        workflow = self._workflows.get(pipeline)
        if workflow is None:
            raise Unsupported(f"This version knows no pipeline {pipeline!r}.", system="engine")
        with _translated(), SetWorkflowID(job_id):
            await DBOS.start_workflow_async(workflow, job_id)

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        """What the engine knows of each job, in one query."""
        with _translated():
            found = await DBOS.list_workflows_async(
                workflow_ids=list(job_ids), load_input=False, load_output=False
            )
        known = {
            w.workflow_id: RunState.ACTIVE if w.status in _ACTIVE else RunState.ENDED for w in found
        }
        return {job_id: known.get(job_id, RunState.UNKNOWN) for job_id in job_ids}

    async def ping(self) -> None:
        """Ask for a job that does not exist."""
        await self.states([JobId("ping")])


@asynccontextmanager
async def open_engine(
    options: EngineOptions, pipelines: Sequence[Pipeline]
) -> AsyncGenerator[DbosEngine]:
    """Open the engine, take up what was unfinished, and drain it in the end."""
    database = engine_for(options.database_url)
    config: DBOSConfig = {
        "name": "storyloom",
        "system_database_url": options.database_url,
        "system_database_engine": database,
        "executor_id": options.executor_id,
        "application_version": options.version,
        "serializer": JsonSerializer(),
        "log_level": "WARNING",
    }
    queue = InternalQueue(DBOS(config=config))
    try:
        engine = DbosEngine(options, pipelines)
        await to_thread.run_sync(DBOS.launch)
        await _forget_older_versions(options)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(queue.calm)
            yield engine
            tasks.cancel_scope.cancel()
    finally:
        await to_thread.run_sync(
            partial(
                DBOS.destroy,
                workflow_completion_timeout_sec=options.drain_s,
                destroy_registry=True,
            )
        )
        if database is not None:
            database.dispose()
        # DBOS makes its own pool the loop's default, and has now closed it.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())


async def _forget_older_versions(options: EngineOptions) -> None:
    """Forget unfinished runs of pipelines of another shape: DBOS would never resume them.

    Their jobs are then unknown to the engine, and are started anew in the new shape.
    """
    with _translated():
        left = await DBOS.list_workflows_async(
            status=["PENDING", "ENQUEUED"],
            executor_id=options.executor_id,
            load_input=False,
            load_output=False,
        )
        older = [w.workflow_id for w in left if w.app_version != options.version]
        if older:
            log.warning("starting %d jobs anew that an older version began", len(older))
            await DBOS.delete_workflows_async(older)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except (SQLAlchemyError, dbos_error.DBOSException) as fault:
        reason = getattr(fault, "orig", None) or type(fault).__name__
        raise Unavailable(f"The engine did not answer: {reason}", system="engine") from fault
