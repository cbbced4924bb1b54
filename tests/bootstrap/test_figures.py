"""Which figures are told depends on the parts that are there."""

import os
from datetime import datetime

import anyio

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.memory.worker_registry import MemoryWorkerRegistry
from storyloom.adapters.sql._migrations import upgrade
from storyloom.bootstrap.figures import Told, metrics_of, registry_of
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import JobStatistics, WorkerRegistry
from storyloom.jobs.schemas import JobCount, Worker
from storyloom.kit.clock import ManualClock
from storyloom.kit.questions import Questions
from storyloom.settings import Settings
from storyloom.storyboard.hot import HotCounts

WORKER = Worker(id="one", host="here", pid=os.getpid(), version="1", queues=("storyboards",))


class Empty:
    """An archive without jobs."""

    async def counts(self) -> list[JobCount]:
        return []

    async def ended(self, before: datetime) -> int:
        return 0

    async def size_bytes(self) -> int | None:
        return 4096


async def scraped(registry: WorkerRegistry | None) -> str:
    statistics: JobStatistics = Empty()
    told = Told(HotCounts(), statistics, MemoryHotJobs(ManualClock()), object(), registry)
    text = b""
    async with anyio.create_task_group() as tasks:
        text = await metrics_of(Questions(tasks), Meter(), told).text()
    return text.decode()


async def test_the_archive_is_always_told() -> None:
    text = await scraped(None)

    assert "\nstoryloom_archive_size_bytes 4096.0" in text
    assert "\nstoryloom_workers_alive " not in text
    assert "\nstoryloom_redis_memory_bytes " not in text


async def test_workers_are_told_where_they_are_registered() -> None:
    registry = MemoryWorkerRegistry(ManualClock())
    registry.beat(WORKER)

    assert "\nstoryloom_workers_alive 1.0" in await scraped(registry)


async def test_workers_share_a_database() -> None:
    async with registry_of(Settings()) as registry:
        assert registry is None


async def test_their_registry_lies_in_it(postgres_url: str) -> None:
    await anyio.to_thread.run_sync(upgrade, postgres_url)
    async with registry_of(Settings.load(database_url=postgres_url)) as registry:
        assert registry is not None
        await anyio.to_thread.run_sync(registry.beat, WORKER)

        assert "\nstoryloom_workers_alive 1.0" in await scraped(registry)
