"""Hot state may be wrong or away, and no poll is wrong for long."""

import json
from collections.abc import Awaitable, Callable

import pytest

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import Unavailable
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId
from storyloom.storyboard import hot as module
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.hot import BELIEVED_S, HotAnswers, HotCounts
from storyloom.storyboard.state import StoryboardJobManager

Accept = Callable[..., Awaitable[JobId]]


class CountingArchive:
    """The archive, with a count of whole jobs that were read, and a switch."""

    def __init__(self, archive: SqlJobArchive) -> None:
        self._archive = archive
        self.reads = 0
        self.is_away = False

    async def get(self, job_id: JobId) -> Job | None:
        self.reads += 1
        if self.is_away:
            raise Unavailable(system="archive")
        return await self._archive.get(job_id)

    def __getattr__(self, name: str) -> object:
        return getattr(self._archive, name)


@pytest.fixture
def counting(archive: SqlJobArchive) -> CountingArchive:
    return CountingArchive(archive)


@pytest.fixture
def other_process(
    counting: CountingArchive, hot: MemoryHotJobs, clock: ManualClock
) -> StoryboardJobManager:
    """One that shares archive and hot state with `jobs`, and nothing else."""
    return StoryboardJobManager(counting, hot, clock)  # type: ignore[arg-type]


async def shown(jobs: StoryboardJobManager, job_id: JobId) -> str:
    return json.loads((await jobs.poll(job_id, None)).body)["status"]


def outcome(clock: ManualClock) -> Outcome:
    return Outcome(status=JobStatus.COMPLETED, completed_at=clock.now(), execution_time_ms=7)


async def test_a_poll_of_a_young_job_is_one_read_of_hot_state(
    other_process: StoryboardJobManager, accepted: Accept, counting: CountingArchive
) -> None:
    job_id = await accepted()

    for _ in range(5):
        assert await shown(other_process, job_id) == "pending"

    assert counting.reads == 0
    assert other_process.hot_counts == HotCounts(hits=5)


async def test_the_same_bytes_are_looked_into_once(
    other_process: StoryboardJobManager, accepted: Accept
) -> None:
    job_id = await accepted()
    first = await other_process.poll(job_id, None)

    assert await other_process.poll(job_id, None) is first


async def test_an_old_answer_is_compared_once_in_ten_seconds(
    other_process: StoryboardJobManager,
    accepted: Accept,
    counting: CountingArchive,
    clock: ManualClock,
) -> None:
    job_id = await accepted()
    reads: list[int] = []

    for _ in range(3):
        clock.advance(BELIEVED_S)
        for _ in range(5):
            assert await shown(other_process, job_id) == "pending"
        reads.append(counting.reads)

    assert reads == [1, 2, 3]
    assert other_process.hot_counts.outdated == 0


async def test_an_answer_that_outlived_its_job_is_found_out(
    jobs: StoryboardJobManager,
    other_process: StoryboardJobManager,
    accepted: Accept,
    *,
    hot: MemoryHotJobs,
    clock: ManualClock,
) -> None:
    job_id = await accepted()
    stale = await hot.get(job_id)
    assert stale is not None
    await jobs.finish(job_id, outcome(clock))
    await hot.put(job_id, stale)  # as if the deletion had never arrived

    at_once = await shown(other_process, job_id)
    clock.advance(BELIEVED_S)
    later = await shown(other_process, job_id)

    assert (at_once, later) == ("pending", "completed")
    assert await hot.get(job_id) is None
    assert other_process.hot_counts.outdated == 1


async def test_a_process_that_sees_an_old_answer_for_the_first_time_compares_it(
    jobs: StoryboardJobManager,
    other_process: StoryboardJobManager,
    accepted: Accept,
    *,
    hot: MemoryHotJobs,
    clock: ManualClock,
) -> None:
    job_id = await accepted()
    stale = await hot.get(job_id)
    assert stale is not None
    await jobs.finish(job_id, outcome(clock))
    await hot.put(job_id, stale)
    clock.advance(600)

    assert await shown(other_process, job_id) == "completed"


async def test_a_write_that_comes_after_the_end_is_found_out_too(
    jobs: StoryboardJobManager,
    other_process: StoryboardJobManager,
    accepted: Accept,
    *,
    hot: MemoryHotJobs,
    archive: SqlJobArchive,
    clock: ManualClock,
) -> None:
    job_id = await accepted()
    slow = await archive.begin(job_id, clock.now())  # a worker that is thought dead
    assert slow is not None
    await shown(other_process, job_id)
    await jobs.finish(job_id, outcome(clock))
    await HotAnswers(hot, clock).show(slow)

    seen = await shown(other_process, job_id)
    clock.advance(BELIEVED_S)

    assert seen == "processing"
    assert await shown(other_process, job_id) == "completed"


async def test_a_change_that_never_arrived_is_found_out(
    other_process: StoryboardJobManager,
    accepted: Accept,
    archive: SqlJobArchive,
    clock: ManualClock,
) -> None:
    job_id = await accepted()
    await archive.begin(job_id, clock.now())
    clock.advance(BELIEVED_S)

    assert await shown(other_process, job_id) == "processing"


async def test_an_answer_without_a_job_is_found_out(
    jobs: StoryboardJobManager, hot: MemoryHotJobs, make_job: Callable[..., Job], clock: ManualClock
) -> None:
    forgotten = make_job()
    await HotAnswers(hot, clock).show(forgotten)
    clock.advance(BELIEVED_S)

    with pytest.raises(JobNotFound):
        await jobs.poll(forgotten.id, None)
    assert await hot.get(forgotten.id) is None


async def test_hot_state_answers_while_the_archive_is_away(
    other_process: StoryboardJobManager,
    accepted: Accept,
    counting: CountingArchive,
    clock: ManualClock,
) -> None:
    job_id = await accepted()
    clock.advance(BELIEVED_S)
    counting.is_away = True

    assert await shown(other_process, job_id) == "pending"
    assert counting.reads == 1


async def test_a_clock_that_is_ahead_does_not_prolong_belief(
    jobs: StoryboardJobManager,
    other_process: StoryboardJobManager,
    make_job: Callable[..., Job],
    *,
    counting: CountingArchive,
    clock: ManualClock,
) -> None:
    clock.advance(3600)
    job = make_job()
    clock.advance(-3600)
    await jobs.accept(job)
    await jobs.show(job)
    await shown(other_process, job.id)

    clock.advance(BELIEVED_S)
    await shown(other_process, job.id)

    assert counting.reads == 1


async def test_what_is_no_answer_of_ours_is_passed_over(
    other_process: StoryboardJobManager, hot: MemoryHotJobs, accepted: Accept
) -> None:
    job_id = await accepted()
    await hot.put(job_id, b'{"status": "running"}')

    assert await shown(other_process, job_id) == "pending"
    assert other_process.hot_counts == HotCounts(misses=1)


async def test_the_answers_of_so_many_jobs_are_remembered(
    other_process: StoryboardJobManager, accepted: Accept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_KNOWN_AT_MOST", 2)

    for _ in range(3):
        await shown(other_process, await accepted())

    assert len(other_process._hot._known) == 2
