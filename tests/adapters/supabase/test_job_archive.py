"""The archive over a project that loses answers, hangs, and is away."""

import json
from collections.abc import Awaitable, Callable, Generator
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import psycopg
import pytest
from anyio import to_thread

from storyloom.adapters.supabase import job_archive
from storyloom.adapters.supabase._project import Project, open_project
from storyloom.adapters.supabase.job_archive import SupabaseJobArchive
from storyloom.errors import Conflict, RateLimited, Unavailable
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from tests.contracts.test_job_archive import completed, make
from tests.postgrest import server
from tests.postgrest.faults import (
    BROKEN,
    ELSEWHERE,
    HALF,
    HURRIED,
    LYING_PAGE,
    PAGE,
    SICK,
    STRANGER,
    Cuts,
    Fault,
    Hangs,
)
from tests.postgrest.keys import SERVICE_KEY


@pytest.fixture
def archive(project: Project) -> SupabaseJobArchive:
    return project.archive


@pytest.fixture
async def job(archive: SupabaseJobArchive, clock: ManualClock, supabase: server.Project) -> Job:
    kept = make(clock)
    await archive.add(kept)
    supabase.seen.clear()
    return kept


def asked(supabase: server.Project) -> list[str]:
    return [seen.method for seen in supabase.seen]


async def test_every_call_is_one_request(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock
) -> None:
    job = make(clock)

    await archive.add(job)
    await archive.get(job.id)
    await archive.begin(job.id, clock.now())
    await archive.finish(job.id, completed(clock))
    await archive.list(limit=1, org_id="acme", status=JobStatus.COMPLETED)
    await archive.unfinished(created_before=clock.now(), limit=1)
    await archive.ping()

    assert asked(supabase) == ["POST", "GET", "PATCH", "PATCH", "GET", "GET", "GET"]
    assert all(SERVICE_KEY not in seen.target for seen in supabase.seen)


async def test_lists_ask_for_no_inputs_and_pictures(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock
) -> None:
    await archive.list(limit=1)
    await archive.unfinished(created_before=clock.now(), limit=1)

    for seen in supabase.seen:
        columns = parse_qs(urlsplit(seen.target).query)["select"][0].split(",")
        assert not {"input_params", "result_image", "details"} & set(columns)


async def test_a_picture_is_sent_once_and_not_back(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, job: Job
) -> None:
    await archive.finish(job.id, completed(clock))

    sent = supabase.seen[0]
    query = parse_qs(urlsplit(sent.target).query)
    assert json.loads(sent.body)["result_image"] == "aGVsbG8="
    assert query["select"] == ["id"]
    assert query["status"] == ["in.(pending,processing)"]


@pytest.mark.parametrize("lost", Cuts)
async def test_an_acceptance_whose_answer_was_lost_is_kept_once(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, lost: Cuts
) -> None:
    job = make(clock)
    supabase.will(lost)

    await archive.add(job)

    assert [kept.id for kept in await archive.list(limit=9)] == [job.id]


async def test_an_id_that_another_job_has_stays_taken_when_the_answer_was_lost(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, job: Job
) -> None:
    supabase.will(Cuts.AFTER)
    other = make(clock, org_id="other").model_copy(update={"id": job.id})

    with pytest.raises(Conflict):
        await archive.add(other)

    assert await archive.get(job.id) == job


@pytest.mark.parametrize("lost", Cuts)
async def test_a_start_whose_answer_was_lost_has_begun_once(
    archive: SupabaseJobArchive,
    supabase: server.Project,
    clock: ManualClock,
    *,
    job: Job,
    lost: Cuts,
) -> None:
    supabase.will(lost)

    begun = await archive.begin(job.id, clock.now())

    assert begun is not None
    assert (begun.status, begun.started_at) == (JobStatus.PROCESSING, clock.now())


@pytest.mark.parametrize("lost", Cuts)
async def test_an_end_whose_answer_was_lost_counts_as_written(
    archive: SupabaseJobArchive,
    supabase: server.Project,
    clock: ManualClock,
    *,
    job: Job,
    lost: Cuts,
) -> None:
    supabase.will(lost)

    assert await archive.finish(job.id, completed(clock))


async def test_an_end_is_not_written_over_another_when_the_answer_was_lost(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, job: Job
) -> None:
    await archive.finish(job.id, completed(clock))
    clock.advance(1)
    supabase.will(Cuts.AFTER)

    assert not await archive.finish(job.id, completed(clock))


@pytest.fixture
async def ended(archive: SupabaseJobArchive, clock: ManualClock) -> list[Job]:
    jobs = [make(clock) for _ in range(5)]
    for job in jobs:
        await archive.add(job)
        await archive.finish(job.id, completed(clock))
        clock.advance(1)
    return jobs


@pytest.mark.parametrize("lost", [None, *Cuts])
async def test_jobs_that_are_forgotten_are_all_named(
    archive: SupabaseJobArchive,
    supabase: server.Project,
    clock: ManualClock,
    *,
    ended: list[Job],
    lost: Cuts | None,
) -> None:
    supabase.will(None, lost)

    named = await archive.forget(ended_before=clock.now(), limit=9)

    assert sorted(named) == sorted(job.id for job in ended)
    assert await archive.list(limit=9) == []


async def test_many_jobs_are_forgotten_some_at_a_time(
    archive: SupabaseJobArchive,
    supabase: server.Project,
    clock: ManualClock,
    *,
    ended: list[Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job_archive, "IDS_AT_ONCE", 2)
    supabase.seen.clear()

    named = await archive.forget(ended_before=clock.now(), limit=3)

    assert set(named) == {job.id for job in ended[:3]}
    assert asked(supabase) == ["GET", "DELETE", "GET", "DELETE"]


async def test_what_is_gone_is_named_though_the_rest_fails(
    archive: SupabaseJobArchive,
    supabase: server.Project,
    clock: ManualClock,
    *,
    ended: list[Job],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(job_archive, "IDS_AT_ONCE", 2)
    supabase.will(None, None, SICK)

    named = await archive.forget(ended_before=clock.now(), limit=9)

    assert set(named) == {job.id for job in ended[:2]}


@pytest.fixture
def unremovable(supabase: server.Project) -> Generator[None]:
    """Rows that stay though they are deleted."""
    with psycopg.connect(supabase.database, autocommit=True) as connection:
        connection.execute(
            "CREATE FUNCTION keep() RETURNS trigger AS 'BEGIN RETURN NULL; END'LANGUAGE plpgsql"
        )
        connection.execute(
            "CREATE TRIGGER keep BEFORE DELETE ON storyboard_jobs "
            "FOR EACH ROW EXECUTE FUNCTION keep()"
        )
        yield
        connection.execute("DROP FUNCTION keep() CASCADE")


@pytest.mark.usefixtures("unremovable")
async def test_rows_that_cannot_be_removed_are_no_endless_work(
    archive: SupabaseJobArchive, clock: ManualClock, ended: list[Job]
) -> None:
    assert await archive.forget(ended_before=clock.now(), limit=9) == []
    assert len(await archive.list(limit=9)) == len(ended)


Calls = Callable[[SupabaseJobArchive, ManualClock], Awaitable[object]]
CALLS: dict[str, Calls] = {
    "add": lambda archive, clock: archive.add(make(clock)),
    "get": lambda archive, _: archive.get(new_job_id()),
    "begin": lambda archive, clock: archive.begin(new_job_id(), clock.now()),
    "finish": lambda archive, clock: archive.finish(new_job_id(), completed(clock)),
    "list": lambda archive, _: archive.list(limit=1),
    "unfinished": lambda archive, clock: archive.unfinished(created_before=clock.now(), limit=1),
    "forget": lambda archive, clock: archive.forget(ended_before=clock.now(), limit=1),
    "ping": lambda archive, _: archive.ping(),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS.keys())
async def test_every_call_says_when_the_archive_is_away_and_goes_on_when_it_is_back(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, call: Calls
) -> None:
    supabase.spell = SICK

    with pytest.raises(Unavailable) as told:
        await call(archive, clock)

    supabase.spell = None
    await call(archive, clock)
    assert told.value.retryable
    assert asked(supabase)[0] == asked(supabase)[1]


FAULTS: dict[str, Fault] = {
    "500": BROKEN,
    "a page with 502": PAGE,
    "a page with 200": LYING_PAGE,
    "half an answer": HALF,
    "401": STRANGER,
    "a redirect": ELSEWHERE,
    "cut": Cuts.BEFORE,
    "hanging": Hangs.BEFORE,
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
async def test_every_kind_of_outage_may_pass(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, fault: Fault
) -> None:
    supabase.spell = fault

    with pytest.raises(Unavailable) as told:
        await archive.finish(new_job_id(), completed(clock))

    assert type(told.value).http_status == 503
    assert supabase.url not in told.value.message
    assert SERVICE_KEY not in told.value.message


async def test_a_key_that_is_changed_while_jobs_run_is_an_outage_that_names_it(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock, job: Job
) -> None:
    supabase.will(STRANGER)

    with pytest.raises(Unavailable, match="SUPABASE_SERVICE_KEY"):
        await archive.finish(job.id, completed(clock))

    assert await archive.finish(job.id, completed(clock))


async def test_a_project_in_a_hurry_says_how_long_to_wait(
    archive: SupabaseJobArchive, supabase: server.Project
) -> None:
    supabase.will(HURRIED)

    with pytest.raises(RateLimited) as told:
        await archive.list(limit=1)

    assert told.value.retry_after_s == 7


async def test_a_broken_connection_is_tried_once_more_and_not_for_ever(
    archive: SupabaseJobArchive, supabase: server.Project
) -> None:
    supabase.will(Cuts.BEFORE)
    await archive.ping()

    supabase.spell = Cuts.BEFORE
    with pytest.raises(Unavailable):
        await archive.ping()

    assert asked(supabase) == ["GET"] * 4


async def test_an_acceptance_that_hung_may_be_found_and_is_never_half(
    archive: SupabaseJobArchive, supabase: server.Project, clock: ManualClock
) -> None:
    job = make(clock)
    supabase.will(Hangs.AFTER)

    with pytest.raises(Unavailable, match="too long"):
        await archive.add(job)

    later = clock.now() + timedelta(seconds=1)
    assert [j.id for j in await archive.unfinished(created_before=later, limit=9)] == [job.id]


async def test_nobody_there_is_an_outage(supabase: server.Project, clock: ManualClock) -> None:
    async with open_project("http://127.0.0.1:1", SERVICE_KEY) as project:
        with pytest.raises(Unavailable, match="ConnectError"):
            await project.archive.add(make(clock))

    assert supabase.seen == []


async def test_a_database_that_stops_behind_the_project_is_an_outage(
    archive: SupabaseJobArchive, supabase: server.Project
) -> None:
    database, supabase.database = supabase.database, "postgresql://postgres@127.0.0.1:1/none"
    with pytest.raises(Unavailable, match="PGRST000"):
        await archive.list(limit=1)

    supabase.database = database
    assert await archive.list(limit=1) == []


async def test_what_is_kept_lies_in_the_documented_columns(
    supabase: server.Project, job: Job
) -> None:
    def row() -> tuple[object, ...] | None:
        with psycopg.connect(supabase.database) as connection:
            found = connection.execute(
                "SELECT id::text, org_id, status, input_params, created_at FROM storyboard_jobs"
            )
            return found.fetchone()

    kept = await to_thread.run_sync(row)

    assert kept == (job.id, job.org_id, "pending", job.input_params, job.created_at)
