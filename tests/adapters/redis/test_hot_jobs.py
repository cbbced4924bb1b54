"""A real Redis goes away in every way that it knows, and comes back."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from time import monotonic

import pytest

from storyloom.adapters.redis.hot_jobs import (
    _OWED_AT_MOST,
    PREFIX,
    TIMEOUT_S,
    TTL_S,
    RedisHotJobs,
    open_hot_jobs,
)
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.ids import JobId, new_job_id
from tests.adapters.redis.outages import OUTAGES, command, fill, make_room
from tests.databases import RedisServer, redis_running

PROBE_EVERY_S = 0.02
LIMIT_S = 60


@pytest.fixture(scope="module")
def own_server() -> Generator[RedisServer]:
    """A Redis that may be broken."""
    with redis_running() as server:
        yield server


@pytest.fixture
def server(own_server: RedisServer) -> RedisServer:
    own_server.flush()
    return own_server


@asynccontextmanager
async def opened(url: str) -> AsyncGenerator[RedisHotJobs]:
    async with open_hot_jobs(url, probe_every_s=PROBE_EVERY_S) as hot:
        yield hot


async def until(condition: Callable[[], bool]) -> None:
    end = monotonic() + LIMIT_S
    while not condition():
        assert monotonic() < end
        await asyncio.sleep(0.01)


async def healed(hot: RedisHotJobs) -> None:
    await until(lambda: hot._gate.is_open)


def kept(server: RedisServer, job_id: JobId) -> bytes | None:
    found: bytes | None = command(server, "GET", f"storyboard:job:{job_id}")
    return found


@pytest.fixture(params=list(OUTAGES))
def outage(
    request: pytest.FixtureRequest, server: RedisServer
) -> Generator[tuple[Callable[[], None], Callable[[], None], str]]:
    way = OUTAGES[request.param]
    mended: list[bool] = []

    def mend() -> None:
        way.mend(server)
        mended.append(True)

    yield lambda: way.break_it(server), mend, way.says
    if not mended:
        mend()


Outage = tuple[Callable[[], None], Callable[[], None], str]


async def test_an_outage_is_told_at_once_and_heals_by_itself(
    outage: Outage, server: RedisServer
) -> None:
    break_it, mend_it, says = outage
    async with opened(server.url) as hot:
        await hot.put(job := new_job_id(), b"1")

        await asyncio.to_thread(break_it)
        with pytest.raises(Unavailable, match=says):
            await hot.put(job, b"2")
        with pytest.raises(Unavailable, match=says):
            await hot.get(job)
        with pytest.raises(Unavailable, match=says):
            await hot.ping()
        await asyncio.to_thread(mend_it)
        await healed(hot)

        await hot.ping()
        await hot.put(job, b"3")
        assert await hot.get(job) == b"3"


async def test_what_could_not_be_written_or_deleted_is_gone_after_the_outage(
    outage: Outage, server: RedisServer
) -> None:
    break_it, mend_it, says = outage
    async with opened(server.url) as hot:
        written, deleted, other = new_job_id(), new_job_id(), new_job_id()
        for job in (written, deleted, other):
            await hot.put(job, b"pending")

        await asyncio.to_thread(break_it)
        with pytest.raises(Unavailable):
            await hot.put(written, b"processing")
        with pytest.raises(Unavailable):
            await hot.delete(deleted)
        await asyncio.to_thread(mend_it)
        await healed(hot)

    assert kept(server, written) is None
    assert kept(server, deleted) is None
    # The others are left alone; only a Redis without files forgets them when it is stopped.
    assert kept(server, other) in {b"pending", None if "reached" in says else b"pending"}


async def test_only_the_first_waits_for_a_redis_that_hangs(server: RedisServer) -> None:
    async with opened(server.url) as hot:
        await hot.put(job := new_job_id(), b"1")
        server.pause()
        try:
            with pytest.raises(Unavailable):
                await hot.get(job)
            started = monotonic()
            for _ in range(1000):
                with pytest.raises(Unavailable):
                    await hot.get(job)
            took = monotonic() - started
        finally:
            server.resume()

    # A thousand waits would be minutes; this is no measurement.
    assert took < 1000 * TIMEOUT_S / 10


async def test_a_full_redis_is_relieved_of_what_has_ended(server: RedisServer) -> None:
    async with opened(server.url) as hot:
        await hot.put(job := new_job_id(), b"x" * 1000)
        fill(server)
        try:
            with pytest.raises(Unavailable):
                await hot.put(new_job_id(), b"1")
            with pytest.raises(Unavailable):
                await hot.delete(job)

            await until(lambda: kept(server, job) is None)

            assert not hot._gate.is_open
        finally:
            make_room(server)


async def test_going_away_and_coming_back_are_logged_once_each(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="storyloom")
    async with opened(server.url) as hot:
        server.stop()
        for _ in range(20):
            with pytest.raises(Unavailable):
                await hot.get(new_job_id())
        await asyncio.sleep(5 * PROBE_EVERY_S)
        await asyncio.to_thread(server.start)
        await healed(hot)

    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2
    assert "hot state is away" in said[0]
    assert "hot state is back" in said[1]


async def test_connections_that_were_cut_are_made_again_in_silence(server: RedisServer) -> None:
    async with opened(server.url) as hot:
        await hot.put(job := new_job_id(), b"1")
        command(server, "CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

        assert await hot.get(job) == b"1"


async def test_it_opens_while_redis_is_away(server: RedisServer) -> None:
    server.stop()
    try:
        async with opened(server.url) as hot:
            with pytest.raises(Unavailable):
                await hot.ping()
    finally:
        await asyncio.to_thread(server.start)


async def test_a_write_that_was_cancelled_is_owed_a_deletion(server: RedisServer) -> None:
    async with opened(server.url) as hot:
        server.pause()
        try:
            task = asyncio.get_running_loop().create_task(hot.put(job := new_job_id(), b"1"))
            # Turns and no time: on a busy machine the write's own time-out might come first.
            for _ in range(5):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        finally:
            server.resume()

        assert job in hot._owed


async def test_only_so_many_deletions_are_owed(server: RedisServer) -> None:
    async with opened(server.url) as hot:
        server.stop()
        try:
            for number in range(_OWED_AT_MOST + 5):
                with pytest.raises(Unavailable):
                    await hot.delete(JobId(str(number)))
        finally:
            await asyncio.to_thread(server.start)
        owed = list(hot._owed)
        await healed(hot)

    assert len(owed) <= _OWED_AT_MOST
    assert owed[-1] == str(_OWED_AT_MOST + 4)
    assert hot._owed == {}


async def test_the_key_and_its_hour_are_as_documented(redis_server: RedisServer) -> None:
    redis_server.flush()
    async with opened(redis_server.url) as hot:
        await hot.put(job := new_job_id(), b"{}")
        await hot.ping()

    assert command(redis_server, "KEYS", "*") == [f"storyboard:job:{job}".encode()]
    assert TTL_S - 5 <= command(redis_server, "TTL", PREFIX + job) <= TTL_S == 3600


async def test_an_address_that_cannot_be_read_is_named_by_its_setting() -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL cannot be read") as caught:
        async with open_hot_jobs("redis://localhost:port"):
            pass

    assert caught.value.setting == "REDIS_URL"


async def test_a_burst_that_meets_an_outage_together_is_one_outage(
    server: RedisServer, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(server.url) as hot:
        server.pause()
        loop = asyncio.get_running_loop()
        try:
            burst = [loop.create_task(hot.put(new_job_id(), b"1")) for _ in range(100)]
            await asyncio.wait(burst)
        finally:
            server.resume()

    assert {type(task.exception()) for task in burst} == {Unavailable}
    assert len(caplog.records) == 1
