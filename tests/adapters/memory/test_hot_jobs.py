"""Hot answers in memory go after an hour."""

from storyloom.adapters.memory.hot_jobs import TTL_S, MemoryHotJobs
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id


async def test_an_answer_is_gone_after_an_hour(clock: ManualClock) -> None:
    hot, job_id = MemoryHotJobs(clock), new_job_id()
    await hot.put(job_id, b"1")
    clock.advance(TTL_S - 1)
    kept = await hot.get(job_id)

    clock.advance(1)

    assert kept == b"1"
    assert await hot.get(job_id) is None


async def test_old_answers_make_room(clock: ManualClock) -> None:
    hot = MemoryHotJobs(clock)
    for _ in range(100):
        await hot.put(new_job_id(), b"1")
    clock.advance(TTL_S)

    await hot.put(new_job_id(), b"2")

    assert len(hot._kept) == 1


async def test_putting_again_starts_the_hour_again(clock: ManualClock) -> None:
    hot, job_id = MemoryHotJobs(clock), new_job_id()
    await hot.put(job_id, b"1")
    clock.advance(TTL_S - 1)

    await hot.put(job_id, b"2")
    clock.advance(TTL_S - 1)

    assert await hot.get(job_id) == b"2"
