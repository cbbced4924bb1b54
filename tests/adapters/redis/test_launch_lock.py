"""Two processes, one Redis, one SwarmUI."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from storyloom.adapters.redis._client import open_client
from storyloom.adapters.redis.launch_lock import RedisLaunchLock
from storyloom.errors import Unavailable


@pytest.fixture
async def client(redis_url: str) -> AsyncGenerator[Any]:
    async with open_client(redis_url) as client:
        yield client


async def test_one_of_two_holds_the_claim(client: Any) -> None:
    one, other = RedisLaunchLock(client, "here"), RedisLaunchLock(client, "here")

    assert await one.claim(60)
    assert not await other.claim(60)

    await other.release()
    assert not await other.claim(60)

    await one.release()
    assert await other.claim(60)


async def test_a_claim_whose_answer_was_lost_is_ours(client: Any) -> None:
    lock = RedisLaunchLock(client, "here")
    await lock.claim(60)

    assert await lock.claim(60)


async def test_two_share_the_one_launch_and_the_port(client: Any) -> None:
    one, other = RedisLaunchLock(client, "here"), RedisLaunchLock(client, "here")

    assert await one.spend(60) == 0
    assert await other.spend(60) > 0
    await one.publish(7802, 60)
    assert await other.published() == 7802


async def test_another_swarmui_is_another_matter(client: Any) -> None:
    here, there = RedisLaunchLock(client, "here"), RedisLaunchLock(client, "there")
    await here.claim(60)
    await here.spend(60)
    await here.publish(7801, 60)

    assert await there.claim(60)
    assert await there.spend(60) == 0
    assert await there.published() is None


@pytest.mark.parametrize("told", ["", "0", "70000", "-1", "http://evil", "\uff17801"])
async def test_what_is_no_port_is_none(client: Any, told: str) -> None:
    await client.set("storyloom:swarmui:here:port", told)

    assert await RedisLaunchLock(client, "here").published() is None


async def test_every_key_ends_by_itself(client: Any) -> None:
    lock = RedisLaunchLock(client, "here")
    await lock.claim(60)
    await lock.spend(60)
    await lock.publish(7801, 60)

    keys = await client.keys("*")

    assert len(keys) == 3
    assert [key for key in keys if await client.ttl(key) < 0] == []


async def test_a_redis_that_is_away_is_no_permission() -> None:
    async with open_client("redis://127.0.0.1:1/0") as client:
        lock = RedisLaunchLock(client, "here")
        calls = [
            *(lock.claim(1), lock.release(), lock.spend(1)),
            *(lock.publish(1, 1), lock.published(), lock.withdraw()),
        ]
        for call in calls:
            with pytest.raises(Unavailable):
                await call
