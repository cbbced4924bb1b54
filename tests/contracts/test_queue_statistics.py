"""What everyone promises who tells how full the queues are."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from storyloom.adapters.sql._tables import metadata
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.bootstrap.engine import engine_of
from storyloom.jobs.ports import Engine, QueueStatistics
from storyloom.jobs.schemas import QueueDepth
from storyloom.kit.ids import new_job_id
from storyloom.settings import Settings
from tests.contracts.test_engine import Ledger, until

Opener = Callable[[Ledger], AbstractAsyncContextManager[tuple[Engine, QueueStatistics]]]


@pytest.fixture
async def ledger() -> Ledger:
    return Ledger()


@pytest.fixture(params=["dbos"])
def opener(request: pytest.FixtureRequest, postgres_url: str, tmp_path: Path) -> Opener:
    with open_worker_registry(postgres_url) as registry:
        metadata.create_all(registry._engine)
    settings = Settings.load(data_dir=tmp_path, database_url=postgres_url, concurrency=2, drain_s=0)

    @asynccontextmanager
    async def open_statistics(ledger: Ledger) -> AsyncGenerator[tuple[Engine, QueueStatistics]]:
        async with engine_of(settings, [ledger], takes_jobs=True) as opened:
            assert isinstance(opened.engine, QueueStatistics)
            yield opened.engine, opened.engine

    return open_statistics


async def test_an_empty_queue_is_told_too(opener: Opener, ledger: Ledger) -> None:
    async with opener(ledger) as (_, statistics):
        depths = await statistics.queues()

    assert depths == [QueueDepth(name="ledgers", waiting=0, running=0, oldest_wait_s=0)]


async def test_what_runs_and_what_waits_is_counted(opener: Opener, ledger: Ledger) -> None:
    ledger.gate.clear()
    async with opener(ledger) as (engine, statistics):
        for _ in range(5):
            await engine.start(new_job_id(), "ledger")
        await until(lambda: ledger.runs["two"] == 2)
        await asyncio.sleep(0.01)

        (depth,) = await statistics.queues()
        ledger.gate.set()
        await until(lambda: ledger.runs["end"] == 5)

    assert (depth.waiting, depth.running) == (3, 2)
    assert 0 < depth.oldest_wait_s < 60
