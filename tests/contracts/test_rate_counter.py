"""What every counter of requests promises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import pytest

from storyloom.access.ports import RateCounter
from storyloom.access.schemas import RateLimit
from storyloom.adapters.memory.rate_counter import MemoryRateCounter
from storyloom.adapters.redis.rate_counter import open_rate_counter
from storyloom.kit.clock import SystemClock

TEN = RateLimit(10, "hour")


@asynccontextmanager
async def in_memory(_request: pytest.FixtureRequest) -> AsyncGenerator[RateCounter]:
    yield MemoryRateCounter(SystemClock())


@asynccontextmanager
async def in_redis(request: pytest.FixtureRequest) -> AsyncGenerator[RateCounter]:
    async with open_rate_counter(request.getfixturevalue("redis_url"), SystemClock()) as counter:
        yield counter


COUNTERS = {"memory": in_memory, "redis": in_redis}


@pytest.fixture(params=COUNTERS)
async def counter(request: pytest.FixtureRequest) -> AsyncGenerator[RateCounter]:
    async with COUNTERS[request.param](request) as opened:
        yield opened


async def test_a_window_has_room_for_so_many(counter: RateCounter) -> None:
    taken = [await counter.take("one", TEN, 4) for _ in range(3)]

    assert [(t.granted, t.left) for t in taken] == [(True, 6), (True, 2), (False, 0)]


async def test_it_tells_when_the_window_ends(counter: RateCounter) -> None:
    taken = await counter.take("one", TEN, 1)

    assert 3500 < taken.reset_s < 3602


async def test_callers_are_counted_apart(counter: RateCounter) -> None:
    await counter.take("one", TEN, 10)

    assert (await counter.take("another", TEN, 10)).granted
    assert not (await counter.take("one", TEN, 1)).granted


async def test_none_is_counted_twice_or_never(counter: RateCounter) -> None:
    granted: list[bool] = []

    async def take() -> None:
        granted.append((await counter.take("one", TEN, 1)).granted)

    async with anyio.create_task_group() as tasks:
        for _ in range(25):
            tasks.start_soon(take)

    assert granted.count(True) == 10


async def test_a_window_ends(counter: RateCounter) -> None:
    one = RateLimit(1, "second")
    assert (await counter.take("one", one, 1)).granted

    with anyio.fail_after(60):
        while not (await counter.take("one", one, 1)).granted:  # noqa: ASYNC110 - time has to pass
            await anyio.sleep(0.1)


@pytest.mark.parametrize("who", ["a/b", "ü", "a b\r\n", "*"])
async def test_any_name_will_do(counter: RateCounter, who: str) -> None:
    assert (await counter.take(who, TEN, 10)).granted
    assert not (await counter.take(who, TEN, 1)).granted
