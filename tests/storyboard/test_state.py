"""Storyboard jobs: hot while they run, cold for ever."""

import json
from collections.abc import Awaitable, Callable

import pytest

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import Unavailable
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.state import StoryboardJobManager

Accept = Callable[..., Awaitable[JobId]]
NOBODY = "00000000-0000-4000-8000-000000000000"
DOCUMENTED = {
    "job_id",
    "status",
    "result_image",
    "understanding",
    "error_message",
    "execution_time_ms",
    "created_at",
    "completed_at",
}


class AbsentHotJobs:
    """A hot store that is down."""

    async def put(self, job_id: JobId, body: bytes) -> None:
        raise Unavailable(system="hot")

    async def get(self, job_id: JobId) -> bytes | None:
        raise Unavailable(system="hot")

    async def delete(self, job_id: JobId) -> None:
        raise Unavailable(system="hot")

    async def ping(self) -> None:
        raise Unavailable(system="hot")


def outcome(clock: ManualClock) -> Outcome:
    return Outcome(
        status=JobStatus.COMPLETED,
        completed_at=clock.now(),
        execution_time_ms=7,
        result_image="aGk=",
        understanding={"headline": "Hi"},
        details={"warnings": ["one"]},
    )


async def polled(jobs: StoryboardJobManager, job_id: str) -> dict[str, object]:
    answer: dict[str, object] = json.loads((await jobs.poll(job_id, None)).body)
    return answer


async def test_a_pending_job_shows_all_documented_fields(
    jobs: StoryboardJobManager, accepted: Accept
) -> None:
    view = await polled(jobs, await accepted())

    assert view.keys() >= DOCUMENTED
    assert view["status"] == "pending"
    assert view["created_at"] == "2026-01-01T00:00:00Z"
    assert {name for name in DOCUMENTED if view[name] is None} == DOCUMENTED - {
        "job_id",
        "status",
        "created_at",
    }


async def test_a_job_that_has_begun_is_processing(
    jobs: StoryboardJobManager, accepted: Accept
) -> None:
    job_id = await accepted()

    await jobs.begin(job_id)

    assert (await polled(jobs, job_id))["status"] == "processing"


async def test_a_finished_job_shows_its_result(
    jobs: StoryboardJobManager, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()

    await jobs.finish(job_id, outcome(clock))

    view = await polled(jobs, job_id)
    assert view["status"] == "completed"
    assert view["result_image"] == "aGk="
    assert view["warnings"] == ["one"]
    assert view["image_url"] == f"/storyboard/jobs/{job_id}/image"


async def test_hot_state_is_deleted_after_the_end_is_archived(
    jobs: StoryboardJobManager, hot: MemoryHotJobs, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()
    before = await hot.get(job_id)

    await jobs.finish(job_id, outcome(clock))

    assert before is not None
    assert await hot.get(job_id) is None


async def test_a_failed_job_says_why(
    jobs: StoryboardJobManager, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()
    await jobs.begin(job_id)
    clock.advance(90)

    await jobs.fail(job_id, message="Gemini API timeout after 90 seconds", code="timeout")

    view = await polled(jobs, job_id)
    assert view["status"] == "failed"
    assert view["error_message"] == "Gemini API timeout after 90 seconds"
    assert view["error_code"] == "timeout"
    assert view["execution_time_ms"] == 90_000
    assert view["image_url"] is None


async def test_what_ended_elsewhere_is_believed_in_hot_state_no_more(
    jobs: StoryboardJobManager, hot: MemoryHotJobs, accepted: Accept
) -> None:
    job_id = await accepted()

    await jobs.outdate(job_id.upper())
    await jobs.outdate("none")

    assert await hot.get(job_id) is None


async def test_polls_go_on_from_the_archive_when_hot_state_is_gone(
    jobs: StoryboardJobManager, hot: MemoryHotJobs, accepted: Accept
) -> None:
    job_id = await accepted()
    shown = await polled(jobs, job_id)

    await hot.delete(job_id)

    assert await polled(jobs, job_id) == shown


async def test_everything_works_while_the_hot_store_is_down(
    archive: SqlJobArchive, clock: ManualClock, make_job: Callable[..., Job]
) -> None:
    jobs = StoryboardJobManager(archive, AbsentHotJobs(), clock)
    job = make_job()

    await jobs.accept(job)
    await jobs.show(job)
    pending = await polled(jobs, job.id)
    await jobs.begin(job.id)
    await jobs.finish(job.id, outcome(clock))

    assert pending["status"] == "pending"
    assert (await polled(jobs, job.id))["status"] == "completed"


async def test_of_two_ends_the_first_is_ours(
    jobs: StoryboardJobManager, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()

    assert await jobs.finish(job_id, outcome(clock))

    assert not await jobs.finish(job_id, outcome(clock))
    assert not await jobs.fail(job_id, message="Too late.", code="timeout")
    assert (await jobs.job(job_id)).status == "completed"


async def test_a_finished_answer_is_read_from_the_archive_once(
    jobs: StoryboardJobManager, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()
    await jobs.finish(job_id, outcome(clock))

    first = await jobs.poll(job_id, None)

    assert await jobs.poll(job_id, None) is first


async def test_the_etag_changes_when_the_answer_does(
    jobs: StoryboardJobManager, accepted: Accept
) -> None:
    job_id = await accepted()
    pending = await jobs.poll(job_id, None)
    again = await jobs.poll(job_id, None)

    await jobs.begin(job_id)

    assert pending.etag == again.etag
    assert (await jobs.poll(job_id, None)).etag != pending.etag


@pytest.mark.parametrize("job_id", ["abc-123", NOBODY, "", "../etc"])
async def test_an_unknown_job_is_not_found_by_its_name(
    jobs: StoryboardJobManager, job_id: str
) -> None:
    with pytest.raises(JobNotFound, match=f"^Job '{job_id}' not found$"):
        await jobs.poll(job_id, None)


async def test_an_id_may_be_written_in_capitals(
    jobs: StoryboardJobManager, accepted: Accept
) -> None:
    job_id = await accepted()

    assert (await polled(jobs, job_id.upper()))["job_id"] == job_id


async def test_the_job_of_another_organisation_is_not_found(
    jobs: StoryboardJobManager, accepted: Accept
) -> None:
    job_id = await accepted()

    ours = await jobs.poll(job_id, "acme")

    assert ours.org_id == "acme"
    with pytest.raises(JobNotFound):
        await jobs.poll(job_id, "other")
    with pytest.raises(JobNotFound):
        await jobs.find(job_id, "other")


async def test_what_does_not_exist_cannot_be_worked_on(jobs: StoryboardJobManager) -> None:
    nobody = new_job_id()

    with pytest.raises(JobNotFound):
        await jobs.begin(nobody)
    with pytest.raises(JobNotFound):
        await jobs.job(nobody)
    with pytest.raises(JobNotFound):
        await jobs.find("abc-123", None)


async def test_beginning_after_the_end_shows_nothing_stale(
    jobs: StoryboardJobManager, accepted: Accept, clock: ManualClock
) -> None:
    job_id = await accepted()
    await jobs.finish(job_id, outcome(clock))

    await jobs.begin(job_id)

    assert (await polled(jobs, job_id))["status"] == "completed"


async def test_lists_are_narrowed_by_organisation_and_status(
    jobs: StoryboardJobManager, accepted: Accept
) -> None:
    job_id = await accepted()

    listed = await jobs.recent(limit=5, org_id="acme", status=JobStatus.PENDING)

    assert [job.id for job in listed] == [job_id]
    assert await jobs.recent(limit=5, org_id="other", status=None) == []
