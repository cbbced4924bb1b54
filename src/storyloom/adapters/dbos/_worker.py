"""Taking jobs from queues, and running them."""

from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from anyio import CancelScope
from dbos import DBOS

from storyloom.adapters.dbos._idle import InternalQueue
from storyloom.adapters.dbos._queues import LocalQueues, Pace, Room
from storyloom.adapters.dbos._runtime import Patience, config_of, launched, running
from storyloom.adapters.dbos._workflows import Concurrency, Workflows
from storyloom.jobs.ports import Pipeline
from storyloom.jobs.schemas import Worker

# Beside one for each running job: for queues, for listening, for taking over.
SPARE_CONNECTIONS = 6


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """How a worker is opened. The engine's tables and queues exist."""

    database_url: str
    worker: Worker
    concurrency: Concurrency
    patience: Patience
    resting: Collection[str] = ()  #: queues of which nothing is taken at first
    poll_s: float = 0.05  #: how often an idle worker looks into each of its queues


@asynccontextmanager
async def open_worker(
    options: WorkerOptions, pipelines: Sequence[Pipeline]
) -> AsyncGenerator[Callable[[Collection[str]], None]]:
    """Take jobs, of all queues but those that it is told of; in the end take no more, and let running ones go on while patience lasts."""
    worker = options.worker
    config = config_of(options.database_url, worker.id, worker.version)
    dbos = DBOS(
        config={
            **config,
            "run_migrations": False,
            "use_listen_notify": True,
            # The library tries again by itself when a connection turns out to be dead, so each
            # need not be asked beforehand: that is a third of all its round trips.
            # The connection used last comes first: it knows the statements already.
            "db_engine_kwargs": {"pool_pre_ping": False, "pool_use_lifo": True},
            "sys_db_pool_size": options.concurrency.usual + SPARE_CONNECTIONS,
        }
    )
    InternalQueue(dbos).slow_down()  # a new executor has nothing of its own to take up
    room = Room(options.concurrency.usual, options.concurrency.own)
    workflows = Workflows(pipelines, options.concurrency, at_end=room.tell)

    def rest(queues: Collection[str]) -> None:
        room.rest(queues)
        workflows.turns.rest(queues)

    rest(options.resting)
    DBOS.listen_queues(worker.queues)
    async with launched(dbos):
        LocalQueues(dbos, room, Pace(options.poll_s))
        try:
            yield rest
        finally:
            room.close()
            with CancelScope(shield=True):
                await options.patience.until(lambda: not running(dbos, workflows.idle))
