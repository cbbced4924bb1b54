"""What every hot store promises."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from redis.asyncio import Redis

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.redis.hot_jobs import RedisHotJobs, _pool
from storyloom.jobs.ports import HotJobs
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id


@pytest.fixture(params=["memory", "redis"])
async def hot(request: pytest.FixtureRequest, clock: ManualClock) -> AsyncGenerator[HotJobs]:
    if request.param == "memory":
        yield MemoryHotJobs(clock)
        return
    async with Redis.from_pool(_pool(request.getfixturevalue("redis_url"))) as client:
        yield RedisHotJobs(client)


async def test_an_answer_comes_back_as_bytes(hot: HotJobs) -> None:
    job_id = new_job_id()

    await hot.put(job_id, b'{"status":"pending"}')

    assert await hot.get(job_id) == b'{"status":"pending"}'


async def test_an_unknown_job_has_no_answer(hot: HotJobs) -> None:
    assert await hot.get(new_job_id()) is None


async def test_a_new_answer_replaces_the_old(hot: HotJobs) -> None:
    job_id = new_job_id()
    await hot.put(job_id, b"1")

    await hot.put(job_id, b"2")

    assert await hot.get(job_id) == b"2"


async def test_a_deleted_answer_is_gone(hot: HotJobs) -> None:
    job_id = new_job_id()
    await hot.put(job_id, b"1")

    await hot.delete(job_id)
    await hot.delete(job_id)

    assert await hot.get(job_id) is None


async def test_each_of_many_readers_gets_the_answer_it_asked_for(hot: HotJobs) -> None:
    job_ids = [new_job_id() for _ in range(50)]
    found: dict[JobId, bytes | None] = {}
    for number, job_id in enumerate(job_ids[::2]):
        await hot.put(job_id, f"{number}".encode())

    async def read(job_id: JobId) -> None:
        found[job_id] = await hot.get(job_id)

    async with asyncio.TaskGroup() as tasks:
        for job_id in job_ids * 2:
            tasks.create_task(read(job_id))

    assert [found[job_id] for job_id in job_ids[::2]] == [f"{n}".encode() for n in range(25)]
    assert {found[job_id] for job_id in job_ids[1::2]} == {None}


async def test_many_may_write_at_once(hot: HotJobs) -> None:
    job_ids = [new_job_id() for _ in range(200)]

    async with asyncio.TaskGroup() as tasks:
        for job_id in job_ids:
            tasks.create_task(hot.put(job_id, job_id.encode()))

    assert [await hot.get(job_id) for job_id in job_ids] == [j.encode() for j in job_ids]


async def test_it_answers_a_ping(hot: HotJobs) -> None:
    await hot.ping()
