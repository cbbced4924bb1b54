"""What every store in memory that tells its size promises."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest

from storyloom.adapters.redis.hot_jobs import open_hot_jobs
from storyloom.errors import Unavailable
from storyloom.jobs.ports import MemoryStatistics
from tests.databases import redis_running

Opener = Callable[[], AbstractAsyncContextManager[MemoryStatistics]]


@pytest.fixture(params=["redis"])
def opened(redis_url: str) -> Opener:
    return lambda: open_hot_jobs(redis_url)


async def test_the_memory_in_use_is_told(opened: Opener) -> None:
    async with opened() as store:
        assert isinstance(store, MemoryStatistics)
        assert await store.used_bytes() > 0


async def test_a_store_that_is_away_is_told() -> None:
    with redis_running() as server:
        url = server.url
    async with open_hot_jobs(url) as hot:
        with pytest.raises(Unavailable):
            await hot.used_bytes()
