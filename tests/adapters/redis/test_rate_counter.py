"""Counting in a Redis that is shared, hangs, or is none."""

import pytest

from storyloom.access.schemas import RateLimit
from storyloom.adapters.redis.rate_counter import KEYS, open_rate_counter
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.clock import SystemClock
from tests.databases import RedisServer, free_port, redis_running

TEN = RateLimit(10, "minute")


async def test_processes_count_together(redis_url: str, redis_server: RedisServer) -> None:
    async with (
        open_rate_counter(redis_url, SystemClock()) as one,
        open_rate_counter(redis_url, SystemClock()) as other,
    ):
        await one.take("key", TEN, 6)
        taken = await other.take("key", TEN, 6)

    assert not taken.granted
    with redis_server.client() as client:
        (name,) = client.keys("*")  # pyright: ignore[reportUnknownMemberType]
        assert str(name).startswith(f"b'{KEYS}:")
        assert 0 < client.ttl(name) <= 60


async def test_a_redis_that_is_away_is_said_to_be() -> None:
    async with open_rate_counter(f"redis://127.0.0.1:{free_port()}", SystemClock()) as counter:
        with pytest.raises(Unavailable):
            await counter.take("key", TEN, 1)


async def test_a_redis_that_hangs_and_comes_back() -> None:
    with redis_running() as server:
        async with open_rate_counter(server.url, SystemClock()) as counter:
            await counter.take("key", TEN, 1)
            server.pause()
            with pytest.raises(Unavailable, match="too long"):
                await counter.take("key", TEN, 1)
            server.resume()

            assert (await counter.take("key", TEN, 1)).granted


async def test_what_is_no_address_is_told() -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        async with open_rate_counter("redis://127.0.0.1:nine", SystemClock()):
            pass
