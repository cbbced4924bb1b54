"""Handing jobs to workers: the engine of a process that need not run any itself."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import TypeVar

import sqlalchemy as sa
from anyio import CapacityLimiter, to_thread
from dbos import DBOS, DBOSClient

from storyloom.adapters.dbos._depths import jobs_ahead, queue_depths
from storyloom.adapters.dbos._runtime import APPLICATION
from storyloom.adapters.dbos._states import run_states, step_records
from storyloom.adapters.dbos._steps import JsonSerializer
from storyloom.adapters.dbos._translation import translated
from storyloom.errors import Unavailable, Unsupported
from storyloom.jobs.ports import Pipeline, RunState
from storyloom.jobs.schemas import Priority, QueueDepth, StepRecord
from storyloom.kit.ids import JobId

Run = Callable[[sa.Executable, Mapping[str, str]], Awaitable[None]]
# The library's own function for those who enqueue from SQL: one round trip, and no thread. A start
# that a crash of the database takes back is made again by the reconciler, since the job itself was
# safe before, so nobody waits for the disk.
_ENQUEUE = sa.text("""
    SELECT set_config('synchronous_commit', 'off', true),
           dbos.enqueue_workflow(
               workflow_name => :pipeline,
               queue_name => :queue,
               positional_args => ARRAY[to_json(CAST(:job_id AS text))],
               workflow_id => CAST(:job_id AS text),
               priority => CAST(CAST(:priority AS text) AS integer),
               application_name => :application
           )
""")
CALLS_AT_ONCE = 4
_CONNECT_TIMEOUT_S = 5
_STATEMENT_TIMEOUT_MS = 15_000
T = TypeVar("T")


class DbosQueueEngine:
    """Puts jobs into queues, from which workers take them."""

    def __init__(self, client: DBOSClient, queues: Mapping[str, str], run: Run) -> None:
        """Take an open client, the queue of each pipeline, and what runs a statement beside it."""
        self._client = client
        self._queues = queues
        self._run = run
        self._threads = CapacityLimiter(CALLS_AT_ONCE)

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        """Put the job into its queue; doing so twice is doing so once."""
        queue = self._queues.get(pipeline)
        if queue is None:
            raise Unsupported(f"This version knows no pipeline {pipeline!r}.", system="engine")
        names = {"pipeline": pipeline, "queue": queue, "application": APPLICATION}
        try:
            values = {**names, "job_id": job_id, "priority": str(int(priority))}
            await self._run(_ENQUEUE, values)
        except Unavailable as fault:
            raise Unavailable(
                f"The job could not be put into its queue. {fault.message}", system="engine"
            ) from fault

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        """What the engine knows of each job, in one query."""
        found = await self._call(
            partial(
                self._client.list_workflows,
                workflow_ids=list(job_ids),
                load_input=False,
                load_output=False,
            )
        )
        return run_states(job_ids, found)

    async def steps(self, job_id: JobId) -> Sequence[StepRecord]:
        """The steps of the job that have ended."""
        return step_records(await self._call(partial(self._client.list_workflow_steps, job_id)))

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        """Remove what is kept of jobs that have ended."""
        await self._call(partial(self._client.delete_workflows, list(job_ids)))

    async def queues(self) -> Sequence[QueueDepth]:
        """Every queue that is known here, also the empty ones; in PostgreSQL only."""
        database = self._client._sys_db.engine  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return await self._call(partial(queue_depths, database, self._queues.values()))

    async def ahead(self, job_id: JobId) -> int | None:
        """How many are taken before the job; None where it does not wait. PostgreSQL only."""
        database = self._client._sys_db.engine  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return await self._call(partial(jobs_ahead, database, job_id))

    async def ping(self) -> None:
        """Ask for a job that does not exist."""
        await self.states([JobId("ping")])

    async def _call(self, work: Callable[[], T]) -> T:
        with translated():
            return await to_thread.run_sync(work, limiter=self._threads)


@asynccontextmanager
async def open_queue_engine(
    database_url: str, pipelines: Sequence[Pipeline], *, poll_s: float, run: Run
) -> AsyncGenerator[DbosQueueEngine]:
    """Open a client at a PostgreSQL address whose engine tables exist, and name the queues.

    Workers look into each queue every `poll_s` seconds. `run` runs a statement in the same
    database, as a transaction of its own, and raises `Unavailable`.
    """
    address = sa.make_url(database_url).set(drivername="postgresql+psycopg")
    limit = f"-c statement_timeout={_STATEMENT_TIMEOUT_MS}"
    database = sa.create_engine(
        address.difference_update_query(["options"]),
        pool_size=CALLS_AT_ONCE,
        max_overflow=0,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "options": f"{address.query.get('options', '')} {limit}".strip(),
        },
    )
    client = DBOSClient(
        system_database_engine=database,
        serializer=JsonSerializer(),
        application_name=APPLICATION,
        lazy=True,
        # An address that does not answer is told at once; the reconciler tries again.
        retry_connection_errors=False,
    )
    queues = {p.name: p.queue for p in pipelines}
    try:
        with translated():
            for name in sorted(set(queues.values())):
                await to_thread.run_sync(
                    partial(client.register_queue, name, polling_interval_sec=poll_s)
                )
        yield DbosQueueEngine(client, queues, run)
    finally:
        await to_thread.run_sync(client.destroy)
        database.dispose()


def migrate_engine(database_url: str) -> None:
    """Make or bring up to date the engine's own tables, in the schema `dbos`. Blocks."""
    with translated():
        DBOS.migrate(database_url)
