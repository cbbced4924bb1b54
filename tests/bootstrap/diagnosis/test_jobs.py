"""What is said of jobs that wait, run and failed."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.bootstrap.diagnosis.jobs import Crew, Jobs
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import ManualClock
from storyloom.kit.findings import Verdict
from storyloom.kit.ids import new_job_id

WORKERS = Crew("2 workers are heard.", "Start one.")
NOBODY = Crew(None, "Start the server.")


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncGenerator[JobArchive]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        yield SqlJobArchive(database)


@pytest.fixture
def jobs(archive: JobArchive, clock: ManualClock) -> Jobs:
    return Jobs(archive, clock, job_timeout_s=120)


async def add(archive: JobArchive, clock: ManualClock, *, begun: bool = False) -> Job:
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        created_at=clock.now(),
        input_params={},
    )
    await archive.add(job)
    if begun:
        await archive.begin(job.id, clock.now())
    return job


async def fail(archive: JobArchive, clock: ManualClock, code: str | None, message: str) -> None:
    job = await add(archive, clock, begun=True)
    await archive.finish(
        job.id,
        Outcome(
            status=JobStatus.FAILED,
            completed_at=clock.now(),
            execution_time_ms=5,
            error_code=code,
            error_message=message,
        ),
    )


async def test_nothing_to_do(jobs: Jobs) -> None:
    found = [*await jobs.look_at_unfinished(NOBODY), *await jobs.look_at_failed()]

    assert [one.says for one in found] == [
        "No job waits.",
        "No job is running.",
        "No job has failed within the last day.",
    ]
    assert {one.status for one in found} == {Verdict.OK}


async def test_jobs_that_wait_for_nobody(
    jobs: Jobs, archive: JobArchive, clock: ManualClock
) -> None:
    await add(archive, clock)
    clock.advance(5)
    await add(archive, clock)

    pending, _ = await jobs.look_at_unfinished(NOBODY)

    assert pending.status is Verdict.WARNING
    assert pending.says == "2 jobs are pending, the oldest for 5 s. Nobody takes jobs."
    assert pending.mend == "Start the server."


async def test_jobs_that_wait_for_workers(
    jobs: Jobs, archive: JobArchive, clock: ManualClock
) -> None:
    await add(archive, clock)
    soon, _ = await jobs.look_at_unfinished(WORKERS)
    clock.advance(660)
    late, _ = await jobs.look_at_unfinished(WORKERS)

    assert (soon.status, soon.says) == ("ok", "1 job is pending, the oldest for 0 s.")
    assert (late.status, late.says) == (
        "warning",
        "1 job is pending, the oldest for 11 min. 2 workers are heard.",
    )
    assert "Start more workers" in late.mend


async def test_jobs_that_run_for_too_long(
    jobs: Jobs, archive: JobArchive, clock: ManualClock
) -> None:
    job = await add(archive, clock, begun=True)
    _, soon = await jobs.look_at_unfinished(WORKERS)
    clock.advance(241)
    _, late = await jobs.look_at_unfinished(WORKERS)

    assert (soon.status, soon.says) == ("ok", "1 job is processing, none for too long.")
    assert late.status is Verdict.WARNING
    assert f"longer than they may, the oldest for 4 min: {job.id}." in late.says
    assert "network" in late.mend


async def test_failures_by_their_code(jobs: Jobs, archive: JobArchive, clock: ManualClock) -> None:
    await fail(archive, clock, "internal", "Too old to matter.")
    clock.advance(timedelta(days=2).total_seconds())
    await fail(archive, clock, "timeout", "The first took too long.")
    clock.advance(1)
    await fail(archive, clock, "timeout", "The second took too long.")
    await fail(archive, clock, None, "")
    await fail(archive, clock, "strange", "Nobody knows this code.")

    without, strange, timeout = await jobs.look_at_failed()

    assert timeout.says == (
        "2 jobs failed within the last day (timeout); the newest says: The second took too long."
    )
    assert "STORYLOOM_CALL_TIMEOUT_S" in timeout.mend
    assert without.says == "1 job failed within the last day (no code); the newest says: nothing"
    assert strange.mend.startswith("Look into the log")
    assert {one.status for one in (without, strange, timeout)} == {Verdict.WARNING}


async def test_more_than_are_counted(jobs: Jobs, archive: JobArchive, clock: ManualClock) -> None:
    for _ in range(201):
        await add(archive, clock)

    pending, _ = await jobs.look_at_unfinished(NOBODY)

    assert pending.says.startswith("200 or more jobs are pending")
