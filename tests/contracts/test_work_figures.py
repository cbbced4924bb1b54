"""What everything that counts work by days promises."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.access.schemas import Scope
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.adapters.sql.organization_register import SqlOrganizationRegister
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.adapters.sql.work_figures import SqlWorkFigures
from storyloom.adapters.supabase._project import open_project
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.schemas import Report, Run
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.ids import JobId, new_job_id
from storyloom.outbound.schemas import OK, Account, Budget, Call, Ending, Usage
from storyloom.work.ports import OrganizationRegister, WorkFigures
from storyloom.work.statistics import Accepted, Figures, Span, SpentBy
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import supabase_running

MONDAY = date(2026, 3, 2)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
WEEK = Span(MONDAY, MONDAY + timedelta(days=6))
HOUR = timedelta(hours=1)
LONG_AFTER = datetime(2026, 6, 1, tzinfo=UTC)
BOTH = {Scope.STORYBOARDS, Scope.STORIES}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """Where work is kept, and counted."""

    archive: JobArchive
    database: AsyncEngine
    figures: WorkFigures
    organizations: OrganizationRegister

    async def made(self, at: datetime, org_id: str = "acme") -> Job:
        job = Job(
            id=new_job_id(),
            org_id=org_id,
            job_type="code_to_storyboard",
            status=JobStatus.PENDING,
            input_params={},
            created_at=at,
        )
        await self.archive.add(job)
        return job

    async def ended(
        self, at: datetime, status: JobStatus = JobStatus.COMPLETED, ms: int = 1000, **more: Any
    ) -> None:
        job = await self.made(at - timedelta(milliseconds=ms))
        await self.archive.begin(job.id, job.created_at)
        end = {"status": status, "completed_at": at, "execution_time_ms": ms, **more}
        await self.archive.finish(job.id, Outcome.model_validate(end))

    async def run(self, at: datetime, **fields: Any) -> Run:
        run = {
            "id": new_job_id(),
            "job": new_job_id(),
            "org_id": "acme",
            "session_timestamp": 1,
            "config": RunConfig(),
            "created_at": at,
            **fields,
        }
        return await SqlRunStore(self.database).add(Run.model_validate(run))

    async def call(
        self, at: datetime, model: str, usd: str | None, job_id: JobId, **more: str
    ) -> None:
        ledger = SqlLedger(self.database)
        call = Call(
            account=Account.model_validate({"org_id": "acme", "job_id": job_id, **more}),
            provider="google",
            model=model,
            purpose="understand_code",
            prompt_version="1",
            input_hash="0" * 64,
            size_bytes=1,
            destination="127.0.0.1",
        )
        cost = None if usd is None else Decimal(usd)
        usage = Usage(input_tokens=100, output_tokens=10, cost_usd=cost, price_source="x")
        entry = await ledger.open(call, attempt=1, at=at, budget=Budget())
        await ledger.close(entry, Ending(outcome=OK, usage=usage, duration_ms=1))

    async def tell(
        self, scopes: Collection[Scope] = BOTH, span: Span = WEEK, now: datetime = LONG_AFTER
    ) -> Figures:
        return await self.figures.tell("acme", scopes, span, now)

    async def busy(self, **asked: Any) -> list[tuple[datetime, int, int]]:
        """Each hour in which something ran, how many at once, and for how many minutes altogether."""
        told = (await self.tell(**asked)).busy
        return sorted((one.at, one.peak, round(one.job_ms / 60_000)) for one in told)


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield Kept(
            SqlJobArchive(database),
            database,
            SqlWorkFigures(database),
            SqlOrganizationRegister(database),
        )


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield Kept(
            SqlJobArchive(database),
            database,
            SqlWorkFigures(database),
            SqlOrganizationRegister(database),
        )


@asynccontextmanager
async def in_supabase_beside_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    """Storyboards in the project, all else in its database, reached directly."""
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database, _project(request) as kept:
        figures = SqlWorkFigures(database, kept.rows)
        yield Kept(kept.archive, database, figures, SqlOrganizationRegister(database, kept.owners))


@asynccontextmanager
async def in_supabase_beside_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    """Storyboards in the project, all else in a file."""
    folder: Path = request.getfixturevalue("tmp_path")
    url = f"sqlite+aiosqlite:///{folder}/jobs.sqlite"
    async with open_database(url) as database, _project(request) as kept:
        figures = SqlWorkFigures(database, kept.rows)
        yield Kept(kept.archive, database, figures, SqlOrganizationRegister(database, kept.owners))


@asynccontextmanager
async def _project(request: pytest.FixtureRequest) -> AsyncGenerator[Any]:
    with supabase_running(request.getfixturevalue("postgres_with_tables")) as project:
        async with open_project(project.url, SERVICE_KEY) as opened:
            yield opened


PLACES = {
    "sqlite": in_sqlite,
    "postgres": in_postgres,
    "supabase beside postgres": in_supabase_beside_postgres,
    "supabase beside sqlite": in_supabase_beside_sqlite,
}


@pytest.fixture(params=PLACES)
async def kept(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    async with PLACES[request.param](request) as opened:
        yield opened


async def test_where_nothing_is_nothing_is_counted(kept: Kept) -> None:
    assert await kept.tell() == Figures([], [], [], [], waiting=0, running=0, missing=())


async def test_what_is_made_is_counted_on_its_day_in_utc(kept: Kept) -> None:
    tokyo = datetime.fromisoformat("2026-03-03T08:59:59+09:00")  # a Monday in UTC
    for at in (noon(MONDAY), tokyo, tokyo + timedelta(seconds=1)):
        await kept.made(at)
    await kept.made(noon(MONDAY) - timedelta(hours=12, microseconds=1))
    await kept.made(noon(WEEK.until) + timedelta(hours=12))
    await kept.made(noon(MONDAY), org_id="beta")
    await kept.run(noon(TUESDAY))

    told = await kept.tell()

    counts: dict[date, int] = {}
    for one in told.accepted:
        counts[one.day] = counts.get(one.day, 0) + one.count
    assert counts == {MONDAY: 2, TUESDAY: 2}
    assert (told.waiting, told.running) == (6, 0)


async def test_what_ends_is_counted_by_how(kept: Kept) -> None:
    for ms in (1000, 2000, 3000, 10_000):
        await kept.ended(noon(MONDAY), ms=ms)
    await kept.ended(noon(MONDAY), JobStatus.FAILED, 5, error_code="timed_out")
    await kept.ended(noon(MONDAY), JobStatus.FAILED, 5, error_code="timed_out")
    await kept.ended(noon(MONDAY), JobStatus.FAILED, 7)
    await kept.ended(noon(TUESDAY), JobStatus.CANCELLED, 4, error_code="cancelled")

    told = await kept.tell()

    by_kind = {(one.day, one.status, one.code): one for one in told.ended}
    assert {key: (one.count, one.pictures) for key, one in by_kind.items()} == {
        (MONDAY, JobStatus.COMPLETED, None): (4, 4),
        (MONDAY, JobStatus.FAILED, "timed_out"): (2, 0),
        (MONDAY, JobStatus.FAILED, "internal"): (1, 0),
        (TUESDAY, JobStatus.CANCELLED, None): (1, 0),
    }
    done = by_kind[MONDAY, JobStatus.COMPLETED, None]
    assert (done.mean_ms, done.p50_ms, done.p95_ms) == pytest.approx((4000, 2500, 8950))


async def test_one_job_is_its_own_percentile(kept: Kept) -> None:
    await kept.ended(noon(MONDAY), ms=1234)

    (done,) = (await kept.tell()).ended

    assert (done.mean_ms, done.p50_ms, done.p95_ms) == (1234, 1234, 1234)


async def test_runs_are_counted_with_storyboards(kept: Kept) -> None:
    report = Report(headline="Done", total=9, done=5, degraded=2, failed=2)
    ended = {"completed_at": noon(TUESDAY), "started_at": noon(TUESDAY) - timedelta(minutes=2)}
    await kept.run(noon(MONDAY), status=JobStatus.COMPLETED, report=report, **ended)
    await kept.ended(noon(TUESDAY), ms=60_000)
    failed = {"error_code": "prompts_missing", "error_message": "They never came \x00"}
    await kept.run(noon(MONDAY), status=JobStatus.FAILED, **ended, **failed)
    never_begun = {"completed_at": noon(TUESDAY), "status": JobStatus.CANCELLED}
    await kept.run(noon(MONDAY), **never_begun)
    await kept.run(noon(MONDAY), status=JobStatus.PROCESSING)

    told = await kept.tell()

    by_kind = {(one.status, one.code): one for one in told.ended}
    done = by_kind[JobStatus.COMPLETED, None]
    assert (done.count, done.pictures) == (2, 8)
    assert (done.mean_ms, done.p50_ms) == pytest.approx((90_000, 90_000), abs=1)
    assert by_kind[JobStatus.FAILED, "prompts_missing"].count == 1
    assert by_kind[JobStatus.CANCELLED, None].p95_ms is None
    assert (told.waiting, told.running) == (0, 1)


async def test_only_what_the_scopes_cover_is_counted(kept: Kept) -> None:
    run = await kept.run(noon(MONDAY))
    await kept.ended(noon(TUESDAY))
    await kept.call(noon(MONDAY), "for runs", "1", run.id, scope=Scope.STORIES)
    await kept.call(noon(MONDAY), "for boards", "2", new_job_id(), scope=Scope.STORYBOARDS)

    boards, runs = await kept.tell({Scope.STORYBOARDS}), await kept.tell({Scope.STORIES})

    assert [one.day for one in boards.accepted] == [TUESDAY]
    assert [one.status for one in boards.ended] == [JobStatus.COMPLETED]
    assert [one.model for one in boards.spent] == ["for boards"]
    assert boards.waiting == 0
    assert runs.accepted == [Accepted(day=MONDAY, count=1)]
    assert runs.ended == []
    assert [one.model for one in runs.spent] == ["for runs"]
    assert runs.waiting == 1


async def test_what_forgotten_work_has_cost_is_seen_as_the_work_was(kept: Kept) -> None:
    """Also what was written down before calls had a scope."""
    for model, more in {
        "run": {"scope": Scope.STORIES, "step": "whatever"},
        "board": {"scope": Scope.STORYBOARDS, "step": "images"},
        "older beats": {"step": "beats"},
        "older prompts": {"step": "prompts"},
        "older pictures": {"step": "images"},
        "older board": {"step": "understand"},
        "nothing's": {},
    }.items():
        await kept.call(noon(MONDAY), model, "1", new_job_id(), **more)

    async def seen(*scopes: Scope) -> set[str]:
        return {one.model for one in (await kept.tell(scopes)).spent}

    stories = {"run", "older beats", "older prompts", "older pictures"}
    boards = {"board", "older board", "nothing's"}
    assert await seen(Scope.STORIES) == stories
    assert await seen(Scope.STORYBOARDS) == boards
    assert await seen(*BOTH) == stories | boards
    assert await seen() == set()


async def test_spending_is_told_by_model(kept: Kept) -> None:
    job = new_job_id()
    for at, model, usd in [
        (noon(MONDAY), "small", "0.1"),
        (noon(MONDAY), "small", "0.2"),
        (noon(MONDAY), "large", None),
        (noon(TUESDAY), "small", "0.000000000001"),
        (noon(MONDAY) - timedelta(days=1), "small", "9"),
    ]:
        await kept.call(at, model, usd, job)

    told = await kept.tell()

    def spent(day: date, model: str, usd: str, calls: int, *, unknown: int = 0) -> SpentBy:
        return SpentBy(
            day=day,
            provider="google",
            model=model,
            cost_usd=Decimal(usd),
            calls=calls,
            unknown_calls=unknown,
            input_tokens=100 * calls,
            output_tokens=10 * calls,
        )

    assert sorted(told.spent, key=lambda one: (one.day, one.model)) == [
        spent(MONDAY, "large", "0", 1, unknown=1),
        spent(MONDAY, "small", "0.3", 2),
        spent(TUESDAY, "small", "0.000000000001", 1),
    ]


async def test_a_run_that_cannot_be_read_hinders_nothing(kept: Kept) -> None:
    ended = {"status": JobStatus.COMPLETED, "completed_at": noon(MONDAY)}
    for _ in range(2):
        await kept.run(noon(MONDAY), **ended)
    async with kept.database.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE storyloom_runs SET body = '{' WHERE id = (SELECT min(id::text)::uuid FROM storyloom_runs)"
            if kept.database.dialect.name == "postgresql"
            else "UPDATE storyloom_runs SET body = '{' WHERE id = (SELECT min(id) FROM storyloom_runs)"
        )

    (done,) = (await kept.tell()).ended

    assert (done.count, done.pictures, done.p50_ms) == (2, 0, None)


async def ran(kept: Kept, start: datetime, minutes: float, **more: Any) -> None:
    """A storyboard that began then, and took so long."""
    took = timedelta(minutes=minutes)
    await kept.ended(start + took, ms=took // timedelta(milliseconds=1), **more)


async def test_what_overlaps_ran_at_once(kept: Kept) -> None:
    at = noon(MONDAY)
    await ran(kept, at, 30)
    await ran(kept, at + timedelta(minutes=10), 10, status=JobStatus.FAILED)
    await ran(kept, at + timedelta(minutes=15), 60, status=JobStatus.CANCELLED)
    await kept.made(at)  # has not begun

    assert await kept.busy() == [(at, 3, 30 + 10 + 45), (at + HOUR, 1, 15)]


async def test_what_begins_as_another_ends_did_not_run_beside_it(kept: Kept) -> None:
    at = noon(MONDAY)
    for minutes in range(0, 60, 20):
        await ran(kept, at + timedelta(minutes=minutes), 20)
    await ran(kept, at + HOUR, 0)  # at no time at all

    assert await kept.busy() == [(at, 1, 60)]


async def test_what_began_before_and_ended_after_runs_on_every_day(kept: Kept) -> None:
    await ran(kept, noon(MONDAY) - timedelta(days=3), 8 * 24 * 60)
    await ran(kept, noon(MONDAY) - timedelta(days=2), 60)  # before the days that are asked
    await ran(kept, noon(MONDAY) + timedelta(days=2), 60)  # after them
    asked = Span(MONDAY, MONDAY)

    hours = await kept.busy(span=asked)

    assert hours == [(asked.start + n * HOUR, 1, 60) for n in range(24)]


async def test_what_runs_still_has_run_until_now(kept: Kept) -> None:
    job = await kept.made(noon(MONDAY))
    await kept.archive.begin(job.id, noon(MONDAY) + timedelta(minutes=15))
    waits = {"started_at": noon(MONDAY) + timedelta(minutes=30), "status": JobStatus.PROCESSING}
    await kept.run(noon(MONDAY), **waits)
    now = noon(MONDAY) + timedelta(minutes=90)

    assert await kept.busy(now=now) == [(noon(MONDAY), 2, 45 + 30), (noon(MONDAY) + HOUR, 2, 60)]
    assert await kept.busy(scopes={Scope.STORYBOARDS}, now=now) == [
        (noon(MONDAY), 1, 45),
        (noon(MONDAY) + HOUR, 1, 30),
    ]
    assert await kept.busy(now=WEEK.start) == []


async def test_runs_run_beside_storyboards_of_their_own_organisation(kept: Kept) -> None:
    at = noon(MONDAY)
    await ran(kept, at, 10)
    both = {"started_at": at, "completed_at": at + timedelta(minutes=20)}
    await kept.run(at, status=JobStatus.COMPLETED, **both)
    await kept.run(at, status=JobStatus.COMPLETED, org_id="beta", **both)
    never_begun = {"completed_at": at, "status": JobStatus.CANCELLED}
    await kept.run(at, **never_begun)

    assert await kept.busy() == [(at, 2, 30)]
    assert await kept.busy(scopes={Scope.STORIES}) == [(at, 1, 20)]
    assert await kept.busy(scopes=()) == []


async def test_work_that_ended_before_it_began_by_other_clocks_takes_nothing_from_the_rest(
    kept: Kept,
) -> None:
    at = noon(MONDAY)
    await ran(kept, at, 60)
    job = await kept.made(at)
    await kept.archive.begin(job.id, at + timedelta(minutes=20))
    end = {"status": JobStatus.FAILED, "completed_at": at + timedelta(minutes=10)}
    await kept.archive.finish(job.id, Outcome.model_validate({**end, "execution_time_ms": 0}))
    run = {"started_at": at + timedelta(minutes=20), "completed_at": at + timedelta(minutes=10)}
    await kept.run(at, status=JobStatus.COMPLETED, **run)

    assert await kept.busy() == [(at, 1, 60)]
