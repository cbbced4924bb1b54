"""What everything that counts jobs promises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.job_statistics import SqlJobStatistics
from storyloom.adapters.supabase._project import open_project
from storyloom.jobs.ports import JobArchive, JobStatistics
from storyloom.jobs.schemas import Job, JobCount, JobStatus, Outcome
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import supabase_running


@dataclass(frozen=True)
class Place:
    """Where jobs are kept, and counted."""

    archive: JobArchive
    statistics: JobStatistics


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[Place]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield Place(SqlJobArchive(database), SqlJobStatistics(database))


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[Place]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield Place(SqlJobArchive(database), SqlJobStatistics(database))


@asynccontextmanager
async def in_supabase(request: pytest.FixtureRequest) -> AsyncGenerator[Place]:
    database: str = request.getfixturevalue("postgres_with_tables")
    with supabase_running(database) as project:
        async with open_project(project.url, SERVICE_KEY) as opened:
            yield Place(opened.archive, opened.statistics)


PLACES = {"sqlite": in_sqlite, "postgres": in_postgres, "supabase": in_supabase}


@pytest.fixture(params=PLACES)
async def place(request: pytest.FixtureRequest) -> AsyncGenerator[Place]:
    async with PLACES[request.param](request) as opened:
        yield opened


def new_job(clock: ManualClock, job_type: str, status: JobStatus) -> Job:
    return Job(
        id=new_job_id(),
        org_id="acme",
        job_type=job_type,
        status=status,
        input_params={"text": "word " * 5000},
        created_at=clock.now(),
    )


async def _keep(place: Place, clock: ManualClock, job_type: str, status: JobStatus) -> None:
    await place.archive.add(new_job(clock, job_type, status))


async def test_an_empty_archive_has_nothing_to_count(place: Place) -> None:
    assert await place.statistics.counts() == []


async def test_jobs_are_counted_by_type_and_status(place: Place, clock: ManualClock) -> None:
    for job_type, status in [
        ("code_to_storyboard", JobStatus.PENDING),
        ("code_to_storyboard", JobStatus.PENDING),
        ("code_to_storyboard", JobStatus.FAILED),
        ("roadmap_to_storyboard", JobStatus.PENDING),
    ]:
        await _keep(place, clock, job_type, status)

    counted = await place.statistics.counts()

    expected = [
        JobCount(job_type="code_to_storyboard", status=JobStatus.FAILED, count=1),
        JobCount(job_type="code_to_storyboard", status=JobStatus.PENDING, count=2),
        JobCount(job_type="roadmap_to_storyboard", status=JobStatus.PENDING, count=1),
    ]
    assert sorted(counted, key=lambda one: (one.job_type, one.status)) == expected


async def test_jobs_that_ended_before_a_time_are_counted(place: Place, clock: ManualClock) -> None:
    async def end(after_s: float) -> None:
        job = new_job(clock, "code_to_storyboard", JobStatus.PENDING)
        await place.archive.add(job)
        end = clock.now() + timedelta(seconds=after_s)
        await place.archive.finish(
            job.id, Outcome(status=JobStatus.FAILED, completed_at=end, execution_time_ms=1)
        )

    for after_s in (0, 1, 10):
        await end(after_s)
    await _keep(place, clock, "code_to_storyboard", JobStatus.PENDING)
    counted = [
        await place.statistics.ended(before=clock.now() + timedelta(seconds=s)) for s in (0, 5, 50)
    ]

    assert counted == [0, 2, 3]


async def test_the_size_grows_with_the_jobs(place: Place, clock: ManualClock) -> None:
    before = await place.statistics.size_bytes()

    for _ in range(20):
        await _keep(place, clock, "code_to_storyboard", JobStatus.PENDING)

    after = await place.statistics.size_bytes()
    assert (before is None) == (after is None), "it is told always, or never"
    assert (before or 0) < (after or 1)
