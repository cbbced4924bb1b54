"""What runs the jobs, and where: in this process, or in workers that share a PostgreSQL."""

import os
import socket
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import AbstractContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from time import monotonic
from typing import TypeVar
from uuid import uuid4

from anyio import CancelScope, create_task_group, to_thread

from storyloom.adapters.dbos._client import migrate_engine, open_queue_engine
from storyloom.adapters.dbos._runtime import PIPELINES_VERSION, Patience
from storyloom.adapters.dbos._worker import WorkerOptions, open_worker
from storyloom.adapters.dbos._workflows import Concurrency
from storyloom.adapters.dbos.engine import EngineOptions, open_engine
from storyloom.adapters.dbos.takeover import DbosTakeover
from storyloom.adapters.sql._database import execute, open_database
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.automation.runs.export_making import EXPORTS
from storyloom.automation.runs.pipeline import STORIES
from storyloom.bootstrap.database import database_file, shared_database
from storyloom.errors import Misconfigured
from storyloom.jobs.heartbeat import beating
from storyloom.jobs.ports import Engine, Pipeline, StepRecords, WorkerRegistry
from storyloom.jobs.queues import Rest
from storyloom.jobs.reaper import Reaper
from storyloom.jobs.schemas import Worker
from storyloom.jobs.watch import Watch
from storyloom.settings import Settings

T = TypeVar("T")
# One laptop, one executor: the lock on the data directory keeps a second one out.
EXECUTOR_ID = "embedded"
#: Runs wait more than they work: for prompts, for the GPU, for the morning.
RUNS_AT_ONCE = 64
#: Each keeps its file in memory in the end, and some all of their pictures, if small ones.
EXPORTS_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class OpenEngine:
    """The engine, and what belongs to running it."""

    engine: Engine
    records: StepRecords  #: what it keeps of the steps of jobs
    rest: Rest  #: of which queues nothing begins in this process
    hurry: Callable[[], None]  #: when it is closed: wait no longer for running jobs


@asynccontextmanager
async def engine_of(
    settings: Settings,
    pipelines: Sequence[Pipeline],
    *,
    takes_jobs: bool,
    resting: Collection[str] = (),
) -> AsyncGenerator[OpenEngine]:
    """Open the engine that the settings choose; raises `Misconfigured` where it cannot be."""
    patience = Patience(settings.drain_s)
    url = shared_database(settings)
    if url is None:
        if not takes_jobs:
            raise Misconfigured(
                "Only processes that share a PostgreSQL can leave the work to others: "
                "set DATABASE_URL.",
                setting="DATABASE_URL",
            )
        file = f"sqlite:///{database_file(settings.data_dir)}"
        options = EngineOptions(
            file, EXECUTOR_ID, _concurrency(settings), patience, resting=resting
        )
        async with open_engine(options, pipelines) as engine:
            yield OpenEngine(engine, engine, engine.rest, patience.hurry)
        return
    if settings.migrate_on_start:
        await to_thread.run_sync(migrate_engine, url)
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_database(url))
        engine = await stack.enter_async_context(
            open_queue_engine(
                url, pipelines, poll_s=settings.queue_poll_s, run=partial(execute, database)
            )
        )
        rest: Rest = _nobody
        if takes_jobs:
            options = WorkerOptions(
                url,
                _this_worker(settings, pipelines),
                _concurrency(settings),
                patience,
                resting,
                settings.queue_poll_s,
            )
            rest = await stack.enter_async_context(_working(options, pipelines))
        yield OpenEngine(engine, engine, rest, patience.hurry)


@asynccontextmanager
async def _working(options: WorkerOptions, pipelines: Sequence[Pipeline]) -> AsyncGenerator[Rest]:
    """Take jobs, be heard, and take up the jobs of workers that are heard no more."""
    worker = options.worker
    with open_worker_registry(options.database_url) as registry:
        async with (
            _in_thread(beating(registry, worker)),
            open_worker(options, pipelines) as rest,
            create_task_group() as tasks,
        ):
            tasks.start_soon(_reaper(registry, worker).run_forever)
            yield rest
            tasks.cancel_scope.cancel()


def _nobody(_queues: Collection[str]) -> None:
    """Nothing begins in this process."""


def _reaper(registry: WorkerRegistry, worker: Worker) -> Reaper:
    takeover = DbosTakeover(worker.version)
    return Reaper(registry, takeover, own=worker, watch=Watch(), clock_s=monotonic)


@asynccontextmanager
async def _in_thread(blocking: AbstractContextManager[T]) -> AsyncGenerator[T]:
    """Enter and leave what blocks at both ends without holding up the event loop."""
    opened = await to_thread.run_sync(blocking.__enter__)
    try:
        yield opened
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(blocking.__exit__, None, None, None)


def _concurrency(settings: Settings) -> Concurrency:
    return Concurrency(settings.concurrency, {STORIES: RUNS_AT_ONCE, EXPORTS: EXPORTS_AT_ONCE})


def _this_worker(settings: Settings, pipelines: Sequence[Pipeline]) -> Worker:
    return Worker(
        id=uuid4().hex,
        host=socket.gethostname(),
        pid=os.getpid(),
        version=PIPELINES_VERSION,
        queues=_queues(settings, sorted({p.queue for p in pipelines})),
    )


def _queues(settings: Settings, known: Sequence[str]) -> tuple[str, ...]:
    patterns = [pattern.strip() for pattern in settings.queues.split(",")]
    chosen = tuple(q for q in known if any(fnmatchcase(q, pattern) for pattern in patterns))
    if not chosen:
        raise Misconfigured(
            f"No queue is called {settings.queues!r}. There are: {', '.join(known)}.",
            setting="STORYLOOM_QUEUES",
        )
    return chosen
