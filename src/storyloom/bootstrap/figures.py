"""Where the figures come from. A part that tells none is left out."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from anyio import to_thread

from storyloom.adapters.prometheus._metrics import Metrics
from storyloom.adapters.prometheus._readings import Reading
from storyloom.adapters.prometheus._sources import HotCounts, Sources
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.bootstrap.database import shared_database
from storyloom.jobs.living import Living
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import JobStatistics, MemoryStatistics, QueueStatistics, WorkerRegistry
from storyloom.kit.questions import Questions
from storyloom.settings import Settings


@dataclass(frozen=True, slots=True)
class Told:
    """The parts that may tell figures."""

    hot_counts: HotCounts
    statistics: JobStatistics
    hot: object  #: with `MemoryStatistics`, if it can
    engine: object  #: with `QueueStatistics`, if it can
    registry: WorkerRegistry | None


def metrics_of(questions: Questions, meter: Meter, told: Told) -> Metrics:
    """What can be told here, ready to be scraped."""
    hot, engine, archive = told.hot, told.engine, told.statistics
    memory = hot.used_bytes if isinstance(hot, MemoryStatistics) else None
    queues = engine.queues if isinstance(engine, QueueStatistics) else None
    sources = Sources(
        meter,
        hot=told.hot_counts,
        jobs=Reading("jobs", archive.counts, ()),
        archive_bytes=Reading("archive_size", archive.size_bytes, None),
        queues=None if queues is None else Reading("queues", queues, ()),
        memory_bytes=None if memory is None else Reading("redis_memory", memory, None),
        workers=None if told.registry is None else _workers(told.registry),
    )
    return Metrics(sources, questions)


def _workers(registry: WorkerRegistry) -> Reading[int | None]:
    living = Living()

    async def look() -> int:
        return living.look(await to_thread.run_sync(registry.seen))

    return Reading("workers", look, None)


@asynccontextmanager
async def registry_of(settings: Settings) -> AsyncGenerator[WorkerRegistry | None]:
    """Open the list of workers, where there are workers beside this process."""
    url = shared_database(settings)
    if url is None:
        yield None
        return
    with open_worker_registry(url) as registry:
        yield registry
