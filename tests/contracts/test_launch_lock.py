"""What everything promises that says who may launch SwarmUI."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from storyloom.adapters.memory.launch_lock import MemoryLaunchLock
from storyloom.adapters.redis._client import open_client
from storyloom.adapters.redis.launch_lock import RedisLaunchLock
from storyloom.automation.ports import LaunchLock
from storyloom.kit.clock import SystemClock


@pytest.fixture(params=["memory", "redis"])
async def lock(request: pytest.FixtureRequest) -> AsyncGenerator[LaunchLock]:
    if request.param == "memory":
        yield MemoryLaunchLock(SystemClock())
        return
    async with open_client(request.getfixturevalue("redis_url")) as client:
        yield RedisLaunchLock(client, "here")


async def test_it_can_be_claimed_again_after_it_was_released(lock: LaunchLock) -> None:
    assert await lock.claim(60)
    await lock.release()

    assert await lock.claim(60)


async def test_to_release_what_was_not_claimed_does_nothing(lock: LaunchLock) -> None:
    await lock.release()

    assert await lock.claim(60)


async def test_a_claim_ends_by_itself(lock: LaunchLock) -> None:
    await lock.claim(0.01)
    await asyncio.sleep(0.05)

    assert await lock.claim(60)


async def test_there_is_one_launch_in_a_while(lock: LaunchLock) -> None:
    first, second = await lock.spend(60), await lock.spend(60)

    assert first == 0
    assert 50 < second <= 60


async def test_there_is_another_launch_when_the_while_is_over(lock: LaunchLock) -> None:
    await lock.spend(0.01)
    await asyncio.sleep(0.05)

    assert await lock.spend(60) == 0


async def test_a_port_is_told_until_it_is_withdrawn(lock: LaunchLock) -> None:
    assert await lock.published() is None

    await lock.publish(7802, 60)
    assert await lock.published() == 7802

    await lock.withdraw()
    assert await lock.published() is None


async def test_a_port_is_forgotten_when_nobody_tells_it_any_more(lock: LaunchLock) -> None:
    await lock.publish(7802, 0.01)
    await asyncio.sleep(0.05)

    assert await lock.published() is None
