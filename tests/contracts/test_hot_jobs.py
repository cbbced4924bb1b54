"""What every hot store promises."""

import pytest

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.jobs.ports import HotJobs
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id


@pytest.fixture(params=["memory"])
def hot(request: pytest.FixtureRequest, clock: ManualClock) -> HotJobs:
    return MemoryHotJobs(clock)


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


async def test_it_answers_a_ping(hot: HotJobs) -> None:
    await hot.ping()
