"""What happens to storyboard jobs is told as events, each thing once."""

from collections.abc import Callable

import pytest

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.events.schemas import Draft
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.storyboard import telling
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.telling import end_of_summary


class Noted:
    """Where events are told."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []

    def emit(self, *drafts: Draft) -> None:
        self.drafts += drafts

    @property
    def types(self) -> list[str]:
        return [draft.type for draft in self.drafts]


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
def manager(
    archive: SqlJobArchive, hot: MemoryHotJobs, clock: ManualClock, noted: Noted
) -> Callable[[], StoryboardJobManager]:
    """A manager of a process that knows nothing of others."""
    return lambda: StoryboardJobManager(archive, hot, clock, noted)


def job(clock: ManualClock) -> Job:
    return Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={},
        created_at=clock.now(),
    )


def outcome(clock: ManualClock, status: JobStatus = JobStatus.COMPLETED) -> Outcome:
    return Outcome(status=status, completed_at=clock.now(), execution_time_ms=5)


async def test_a_job_from_its_beginning_to_its_end(
    manager: Callable[[], StoryboardJobManager], noted: Noted, clock: ManualClock
) -> None:
    jobs, made = manager(), job(clock)
    await jobs.accept(made)
    begun = await jobs.begin(made.id)
    jobs.reach(begun, "draw")
    await jobs.finish(made.id, outcome(clock))

    # That it is safe is told again, in case somebody died before it was told.
    assert noted.drafts.pop(1) == noted.drafts[0]
    assert noted.types == ["job.accepted", "job.started", "job.progress", "job.completed"]
    assert {draft.org_id for draft in noted.drafts} == {"acme"}
    assert {(draft.subject.kind, draft.subject.id) for draft in noted.drafts} == {
        ("code_to_storyboard", made.id)
    }
    assert noted.drafts[2].data == {
        "status": "running",
        "stage": "draw",
        "progress": {"done": 2, "total": 4, "fraction": 0.5},
    }
    assert noted.drafts[3].data == {"status": "succeeded", "duration_ms": 5}


async def test_what_a_crash_has_done_again_is_the_same_event(
    manager: Callable[[], StoryboardJobManager], noted: Noted, clock: ManualClock
) -> None:
    made = job(clock)
    await manager().accept(made)
    for jobs in (manager(), manager()):
        clock.advance(1)
        jobs.reach(await jobs.begin(made.id), "understand")

    names = [draft.id for draft in noted.drafts]
    assert names[1:4] == names[4:7]
    assert len(set(names)) == 3


async def test_an_end_is_told_also_by_a_process_that_did_not_begin_the_job(
    manager: Callable[[], StoryboardJobManager], noted: Noted, clock: ManualClock
) -> None:
    made = job(clock)
    await manager().accept(made)

    assert await manager().finish(made.id, outcome(clock, JobStatus.CANCELLED))
    assert not await manager().finish(made.id, outcome(clock))
    assert noted.types == ["job.accepted", "job.cancelled"]


async def test_a_failure_says_why_and_can_be_told_of_what_is_kept(
    manager: Callable[[], StoryboardJobManager], noted: Noted, clock: ManualClock
) -> None:
    jobs, made = manager(), job(clock)
    await jobs.accept(made)
    clock.advance(2)
    await jobs.fail(made.id, message="It took too long.", code="timeout")

    (summary,) = await jobs.recent(limit=1, org_id=None, status=None)

    assert noted.drafts[1].data["error"] == {"code": "timeout", "message": "It took too long."}
    assert end_of_summary(summary) == noted.drafts[1]


async def test_no_more_owners_are_remembered_than_there_is_room_for(
    noted: Noted, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "_REMEMBERED", 1)
    teller, first, second = telling.JobTeller(noted), job(clock), job(clock)
    teller.started(first)
    teller.started(second)

    assert not teller.ended(first.id, outcome(clock))
    assert not teller.ended(JobId("unknown"), outcome(clock))
    assert teller.ended(second.id, outcome(clock))
