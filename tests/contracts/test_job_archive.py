"""What every job archive promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from pydantic import JsonValue

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.supabase._project import open_project
from storyloom.errors import Conflict, InvalidInput
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import HANDLING, Job, JobStatus, JobSummary, Outcome, Priority
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import supabase_running

TOKYO = timezone(timedelta(hours=9))


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[JobArchive]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield SqlJobArchive(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[JobArchive]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlJobArchive(database)


@asynccontextmanager
async def in_supabase(request: pytest.FixtureRequest) -> AsyncGenerator[JobArchive]:
    database: str = request.getfixturevalue("postgres_with_tables")
    with supabase_running(database) as project:
        async with open_project(project.url, SERVICE_KEY) as opened:
            yield opened.archive


ARCHIVES = {"sqlite": in_sqlite, "postgres": in_postgres, "supabase": in_supabase}


@pytest.fixture(params=ARCHIVES)
async def archive(request: pytest.FixtureRequest) -> AsyncGenerator[JobArchive]:
    async with ARCHIVES[request.param](request) as opened:
        yield opened


def make(clock: ManualClock, *, org_id: str = "acme") -> Job:
    return Job(
        id=new_job_id(),
        org_id=org_id,
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={
            "file_name": "a.py",
            "file_content": "x = 'ünï 🚀 \\u0000'",
            "nested": [1, {}],
        },
        created_at=clock.now(),
    )


def completed(clock: ManualClock) -> Outcome:
    return Outcome(
        status=JobStatus.COMPLETED,
        completed_at=clock.now(),
        execution_time_ms=42,
        result_image="aGVsbG8=",
        understanding={"headline": "Hi"},
        details={"warnings": []},
    )


async def test_a_job_comes_back_as_it_was_kept(archive: JobArchive, clock: ManualClock) -> None:
    job = make(clock)

    await archive.add(job)

    assert await archive.get(job.id) == job


async def test_an_unknown_job_is_none(archive: JobArchive) -> None:
    assert await archive.get(new_job_id()) is None


async def test_an_id_can_be_taken_once(archive: JobArchive, clock: ManualClock) -> None:
    job = make(clock)
    await archive.add(job)

    with pytest.raises(Conflict):
        await archive.add(job)


async def test_beginning_marks_the_job_and_its_time(
    archive: JobArchive, clock: ManualClock
) -> None:
    job = make(clock)
    await archive.add(job)
    clock.advance(2)

    begun = await archive.begin(job.id, clock.now())

    assert begun is not None
    assert begun.status is JobStatus.PROCESSING
    assert begun.started_at == clock.now()


async def test_beginning_again_keeps_the_first_time(
    archive: JobArchive, clock: ManualClock
) -> None:
    job = make(clock)
    await archive.add(job)
    first = clock.now()
    await archive.begin(job.id, first)
    clock.advance(60)

    begun = await archive.begin(job.id, clock.now())

    assert begun is not None
    assert begun.started_at == first


async def test_beginning_an_unknown_job_is_none(archive: JobArchive, clock: ManualClock) -> None:
    assert await archive.begin(new_job_id(), clock.now()) is None


async def test_finishing_writes_the_end(archive: JobArchive, clock: ManualClock) -> None:
    job = make(clock)
    await archive.add(job)
    await archive.begin(job.id, clock.now())

    written = await archive.finish(job.id, completed(clock))

    kept = await archive.get(job.id)
    assert written
    assert kept is not None
    assert kept.status is JobStatus.COMPLETED
    assert kept.result_image == "aGVsbG8="
    assert kept.understanding == {"headline": "Hi"}
    assert kept.execution_time_ms == 42


async def test_a_finished_job_never_changes(archive: JobArchive, clock: ManualClock) -> None:
    job = make(clock)
    await archive.add(job)
    await archive.finish(job.id, completed(clock))
    before = await archive.get(job.id)

    failed = completed(clock).model_copy(update={"status": JobStatus.FAILED})
    written = await archive.finish(job.id, failed)
    await archive.begin(job.id, clock.now())

    assert not written
    assert await archive.get(job.id) == before


async def test_of_many_ends_one_is_written(archive: JobArchive, clock: ManualClock) -> None:
    job = make(clock)
    await archive.add(job)

    async with asyncio.TaskGroup() as tasks:
        ends = [tasks.create_task(archive.finish(job.id, completed(clock))) for _ in range(8)]

    assert sum(end.result() for end in ends) == 1


async def test_lists_show_the_newest_first(archive: JobArchive, clock: ManualClock) -> None:
    jobs: list[Job] = []
    for _ in range(3):
        clock.advance(1)
        jobs.append(make(clock))
        await archive.add(jobs[-1])

    listed = await archive.list(limit=2)

    assert [job.id for job in listed] == [jobs[2].id, jobs[1].id]
    assert {type(job) for job in listed} == {JobSummary}


async def test_lists_can_be_narrowed(archive: JobArchive, clock: ManualClock) -> None:
    ours, theirs, ended = make(clock), make(clock, org_id="other"), make(clock)
    for job in (ours, theirs, ended):
        await archive.add(job)
    await archive.finish(ended.id, completed(clock))

    listed = await archive.list(limit=9, org_id="acme", status=JobStatus.PENDING)

    assert [job.id for job in listed] == [ours.id]


async def test_unfinished_jobs_are_found_oldest_first(
    archive: JobArchive, clock: ManualClock
) -> None:
    old, begun, ended = make(clock), make(clock), make(clock)
    await archive.add(old)
    await archive.add(begun.model_copy(update={"created_at": clock.now() + timedelta(seconds=1)}))
    await archive.add(ended)
    await archive.begin(begun.id, clock.now())
    await archive.finish(ended.id, completed(clock))
    clock.advance(10)
    await archive.add(make(clock))

    found = await archive.unfinished(created_before=clock.now(), limit=9)

    assert [job.id for job in found] == [old.id, begun.id]


@pytest.mark.parametrize(
    ("told", "priority"),
    [
        ({}, Priority.NORMAL),
        ({HANDLING: {"priority": 10}}, Priority.HIGH),
        ({HANDLING: {"priority": 15}}, Priority.NORMAL),  # as another version may write it
    ],
)
async def test_unfinished_jobs_say_how_they_are_to_be_handled(
    archive: JobArchive, clock: ManualClock, told: dict[str, JsonValue], priority: Priority
) -> None:
    await archive.add(make(clock).model_copy(update={"input_params": told}))
    clock.advance(1)

    (found,) = await archive.unfinished(created_before=clock.now(), limit=9)

    assert found.handling.priority is priority


async def test_unfinished_jobs_can_be_read_page_by_page(
    archive: JobArchive, clock: ManualClock
) -> None:
    first, *twins = [make(clock) for _ in range(3)]
    await archive.add(first)
    for twin in twins:
        at = clock.now() + timedelta(microseconds=1)
        await archive.add(twin.model_copy(update={"created_at": at}))
    later = clock.now() + timedelta(seconds=1)

    page = await archive.unfinished(created_before=later, limit=2)
    rest = await archive.unfinished(created_before=later, created_after=first.created_at, limit=9)

    assert [job.id for job in page] == [first.id, min(twin.id for twin in twins)]
    assert [job.id for job in rest] == sorted(twin.id for twin in twins)


async def test_it_answers_a_ping(archive: JobArchive) -> None:
    await archive.ping()


async def test_many_jobs_can_be_kept_at_once(archive: JobArchive, clock: ManualClock) -> None:
    jobs = [make(clock) for _ in range(40)]

    async with asyncio.TaskGroup() as tasks:
        for job in jobs:
            tasks.create_task(archive.add(job))

    assert len(await archive.list(limit=100)) == 40


async def test_only_jobs_that_ended_long_ago_are_forgotten(
    archive: JobArchive, clock: ManualClock
) -> None:
    oldest, older, open_job = make(clock), make(clock), make(clock)
    for job in (oldest, older, open_job):
        await archive.add(job)
    await archive.finish(oldest.id, completed(clock))
    clock.advance(1)
    await archive.finish(older.id, completed(clock))
    clock.advance(60)
    recent = make(clock)
    await archive.add(recent)
    await archive.finish(recent.id, completed(clock))

    first = await archive.forget(ended_before=clock.now(), limit=1)
    rest = await archive.forget(ended_before=clock.now(), limit=9)

    assert first == [oldest.id]
    assert rest == [older.id]
    assert {job.id for job in await archive.list(limit=9)} == {open_job.id, recent.id}


async def test_times_come_back_in_utc(archive: JobArchive, clock: ManualClock) -> None:
    job = make(clock)
    await archive.add(job.model_copy(update={"created_at": clock.now().astimezone(TOKYO)}))

    kept = await archive.get(job.id)

    assert kept is not None
    assert kept.created_at == clock.now()
    assert kept.created_at.tzinfo is UTC


HOSTILE: dict[str, JsonValue] = {
    "a NUL": {"file_name": "a\x00.py"},
    "a NUL in a name": {"file\x00name": "a.py"},
    "half a pair": {"custom_headline": "\ud83d"},
    "a nested NUL": {"a": [{"b": "\x00"}]},
}


@pytest.mark.parametrize("params", HOSTILE.values(), ids=HOSTILE.keys())
async def test_what_cannot_be_stored_is_refused_as_a_whole(
    archive: JobArchive, clock: ManualClock, params: dict[str, JsonValue]
) -> None:
    job = make(clock).model_copy(update={"input_params": params})

    try:
        await archive.add(job)
    except InvalidInput:
        assert await archive.get(job.id) is None
    else:
        assert await archive.get(job.id) == job


@pytest.mark.parametrize("org_id", ["a\x00b", "\udcff"])
async def test_an_organisation_that_is_no_text_is_refused_or_kept(
    archive: JobArchive, clock: ManualClock, org_id: str
) -> None:
    job = make(clock, org_id=org_id)

    try:
        await archive.add(job)
    except InvalidInput:
        assert await archive.get(job.id) is None
    else:
        assert await archive.get(job.id) == job


async def test_a_job_ends_whatever_the_words_of_its_end(
    archive: JobArchive, clock: ManualClock
) -> None:
    job = make(clock)
    await archive.add(job)
    end = completed(clock).model_copy(
        update={
            "status": JobStatus.FAILED,
            "error_message": "broken \x00 \ud800",
            "understanding": {"head\x00line": ["\x00", 1, {"a": "\ud800"}]},
        }
    )

    assert await archive.finish(job.id, end)

    kept = await archive.get(job.id)
    assert kept is not None
    assert kept.status is JobStatus.FAILED
    assert (kept.error_message or "").startswith("broken ")


async def test_more_calls_than_connections_are_no_error(
    archive: JobArchive, clock: ManualClock
) -> None:
    job = make(clock)
    await archive.add(job)

    async with asyncio.TaskGroup() as tasks:
        reads = [tasks.create_task(archive.get(job.id)) for _ in range(64)]

    assert all(read.result() == job for read in reads)
