"""What everything that looks jobs up promises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.job_index import SqlJobIndex
from storyloom.adapters.supabase._project import open_project
from storyloom.jobs.ports import JobArchive, JobIndex
from storyloom.jobs.schemas import (
    HANDLING,
    Handling,
    Job,
    JobBrief,
    JobStatus,
    Outcome,
    Place,
    Priority,
    Sought,
)
from storyloom.kit.ids import JobId, new_job_id
from tests.postgrest.keys import SERVICE_KEY
from tests.postgrest.server import supabase_running

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Kept:
    """Where jobs are kept, and looked up."""

    archive: JobArchive
    index: JobIndex

    async def add(self, *, minute: int = 0, **fields: Any) -> Job:
        job = Job.model_validate(
            {
                "id": new_job_id(),
                "org_id": "acme",
                "job_type": "code_to_storyboard",
                "status": JobStatus.PENDING,
                "input_params": {"file_content": "x" * 1000},
                "created_at": NOON + timedelta(minutes=minute),
                **fields,
            }
        )
        await self.archive.add(job)
        return job

    async def ids(self, *, limit: int = 50, org_id: str = "acme", **sought: Any) -> list[JobId]:
        return [job.id for job in await self.index.page(org_id, Sought(**sought), limit=limit)]


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield Kept(SqlJobArchive(database), SqlJobIndex(database))


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield Kept(SqlJobArchive(database), SqlJobIndex(database))


@asynccontextmanager
async def in_supabase(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    database: str = request.getfixturevalue("postgres_with_tables")
    with supabase_running(database) as project:
        async with open_project(project.url, SERVICE_KEY) as opened:
            yield Kept(opened.archive, opened.index)


PLACES = {"sqlite": in_sqlite, "postgres": in_postgres, "supabase": in_supabase}
#: Where what is searched is kept as we fold it. A project's REST API compares as its database does.
FOLDING = ("sqlite", "postgres")
#: What is written, and ways to look for it.
LETTERS = {
    "İstanbul.py": ("istanbul", "İSTANBUL", "i\u0307stanbul"),
    "Straße.go": ("STRASSE", "straße"),
    "cafe\u0301.ts": ("CAFÉ", "café"),
    "ΟΔΟΣ.py": ("οδος", "Οδοσ"),
}


@pytest.fixture(params=PLACES)
async def kept(request: pytest.FixtureRequest) -> AsyncGenerator[Kept]:
    async with PLACES[request.param](request) as opened:
        yield opened


def handled(**fields: Any) -> dict[str, Any]:
    return {HANDLING: Handling(**fields).model_dump(mode="json")}


async def test_an_organisation_sees_its_own_jobs_the_newest_first(kept: Kept) -> None:
    old, new = await kept.add(minute=1), await kept.add(minute=2)
    await kept.add(minute=3, org_id="beta")

    assert await kept.ids() == [new.id, old.id]
    assert await kept.ids(limit=1) == [new.id]
    assert await kept.ids(org_id="nobody") == []


async def test_a_job_is_shown_with_how_it_is_handled(kept: Kept) -> None:
    parent = await kept.add(minute=1)
    given = Handling(labels={"team": "web"}, priority=Priority.HIGH, parent_id=parent.id, attempt=2)
    child = await kept.add(input_params={HANDLING: given.model_dump(mode="json")}, minute=2)

    found = await kept.index.page("acme", Sought(), limit=50)

    same = {"id", "org_id", "job_type", "status", "created_at"}
    assert found == [
        JobBrief.model_validate(child.model_dump(include=same) | {"handling": given}),
        JobBrief.model_validate(parent.model_dump(include=same)),
    ]


async def test_a_job_is_shown_with_its_headline_its_readers_and_its_shape(kept: Kept) -> None:
    look = {"audience": "c_suite", "format": "square"}
    wished = {**look, "file_name": "a.py", "custom_headline": "Mine"}
    first = await kept.add(minute=1, input_params={**look, "file_name": "a.py"})
    await kept.add(minute=2, input_params=wished)
    await kept.archive.begin(first.id, NOON)
    end = {"status": JobStatus.COMPLETED, "completed_at": NOON, "execution_time_ms": 1}
    found = Outcome.model_validate({**end, "understanding": {"headline": "Found"}})
    await kept.archive.finish(first.id, found)

    shown = await kept.index.page("acme", Sought(), limit=9)

    assert [(job.title, job.headline, job.audience, job.format) for job in shown] == [
        ("a.py", "Mine", "c_suite", "square"),
        ("a.py", "Found", "c_suite", "square"),
    ]


async def test_pages_follow_one_another_though_jobs_arrive_meanwhile(kept: Kept) -> None:
    """Also where several were made at the same time."""
    made = [await kept.add(minute=minute // 3) for minute in range(8)]
    expected = [job.id for job in sorted(made, key=lambda j: (j.created_at, j.id), reverse=True)]

    seen: list[JobId] = []
    after: Place | None = None
    while page := await kept.index.page("acme", Sought(after=after), limit=3):
        seen += [job.id for job in page]
        after = Place(page[-1].created_at, page[-1].id)
        await kept.add(minute=60)

    assert seen == expected


async def test_a_page_is_of_what_is_sought(kept: Kept) -> None:
    code = await kept.add(minute=1)
    roadmap = await kept.add(minute=2, job_type="roadmap_to_storyboard")
    begun = await kept.add(minute=3)
    await kept.archive.begin(begun.id, NOON)

    assert await kept.ids(kinds=frozenset({"roadmap_to_storyboard"})) == [roadmap.id]
    assert await kept.ids(statuses=frozenset({JobStatus.PENDING})) == [roadmap.id, code.id]
    both = frozenset({JobStatus.PROCESSING, JobStatus.FAILED})
    assert await kept.ids(statuses=both) == [begun.id]
    assert await kept.ids(created_after=code.created_at) == [begun.id, roadmap.id]
    assert await kept.ids(created_before=roadmap.created_at) == [code.id]
    assert await kept.ids(created_after=code.created_at, created_before=begun.created_at) == [
        roadmap.id
    ]


async def test_labels_choose_and_all_of_them_have_to_be_there(kept: Kept) -> None:
    odd = 'a "b", (c) 1.5%'
    web = await kept.add(minute=1, input_params=handled(labels={"team": "web", "Run_1": odd}))
    await kept.add(minute=2, input_params=handled(labels={"team": "app"}))
    await kept.add(minute=3)

    assert await kept.ids(labels={"team": "web"}) == [web.id]
    assert await kept.ids(labels={"team": "web", "Run_1": odd}) == [web.id]
    assert await kept.ids(labels={"team": "web", "Run_1": "other"}) == []


async def test_it_tells_which_of_some_jobs_have_ended(kept: Kept) -> None:
    jobs = [await kept.add(minute=minute) for minute in range(3)]
    await kept.archive.begin(jobs[0].id, NOON)
    for job, status in zip(jobs[1:], (JobStatus.CANCELLED, JobStatus.COMPLETED), strict=True):
        end = Outcome(status=status, completed_at=NOON, execution_time_ms=0)
        await kept.archive.finish(job.id, end)

    ids = [job.id for job in jobs]

    assert set(await kept.index.ended(ids)) == set(ids[1:])
    assert await kept.index.ended([*ids[:1], new_job_id()]) == []
    assert len(await kept.index.ended(ids * 40)) >= 2


async def test_ends_come_in_the_order_of_their_times(kept: Kept) -> None:
    jobs = [await kept.add(minute=minute) for minute in range(4)]
    for job, minute in zip(jobs, (9, 7, 8), strict=False):
        at = NOON + timedelta(minutes=minute)
        end = Outcome(status=JobStatus.FAILED, completed_at=at, execution_time_ms=1)
        await kept.archive.finish(job.id, end)

    async def ended(minute: int, limit: int = 50) -> list[JobId]:
        at = NOON + timedelta(minutes=minute)
        return [job.id for job in await kept.index.ended_since(at, limit=limit)]

    assert await ended(0) == [jobs[1].id, jobs[2].id, jobs[0].id]
    assert await ended(8) == [jobs[2].id, jobs[0].id]
    assert await ended(0, 1) == [jobs[1].id]
    assert await ended(10) == []


async def test_jobs_are_found_by_what_is_said_of_them(kept: Kept) -> None:
    handling = {"labels": {"team": "Grün & Weiß"}}
    wished = {"custom_headline": "Know 100% of the payback"}
    done = {"headline": "Ready for the storm"}
    first = await kept.add(minute=1, input_params={"file_name": "src/ROI_Calculator.py"})
    second = await kept.add(minute=2, input_params={**wished, HANDLING: handling})
    third = await kept.add(minute=3, input_params={"file_name": "other.go"})
    await kept.archive.begin(third.id, NOON)
    end = {"status": JobStatus.COMPLETED, "completed_at": NOON, "execution_time_ms": 1}
    await kept.archive.finish(third.id, Outcome.model_validate({**end, "understanding": done}))

    async def found(text: str, **more: Any) -> list[JobId]:
        return await kept.ids(text=text, **more)

    assert await found("roi_calc") == [first.id]
    assert await found("100% OF") == [second.id]
    assert await found("roi%calc") == []
    assert await found("grün &") == [second.id]
    assert await found("GRÜN &") == [second.id]
    assert await found("the STORM") == [third.id]
    assert await found("o") == [third.id, second.id, first.id]
    assert await found("o", limit=2) == [third.id, second.id]
    assert await found("o", after=Place(second.created_at, second.id)) == [first.id]
    assert await found("o", statuses=frozenset({JobStatus.COMPLETED})) == [third.id]
    assert await found("o", labels={"team": "Grün & Weiß"}) == [second.id]
    assert await found(second.id[:9].upper()) == [second.id]
    assert await found(second.id) == [second.id]
    assert await found('",)(\\') == []
    assert await found("o", org_id="beta") == []
    page = await kept.index.page("acme", Sought(), limit=5)
    assert [job.title for job in page] == [
        "other.go",
        "Know 100% of the payback",
        "src/ROI_Calculator.py",
    ]


async def test_what_is_forgotten_is_not_found(kept: Kept) -> None:
    job = await kept.add(input_params={"file_name": "a.py"})
    end = {"status": JobStatus.FAILED, "completed_at": NOON, "execution_time_ms": 1}
    await kept.archive.finish(job.id, Outcome.model_validate(end))

    assert await kept.ids(text="a.py") == [job.id]
    await kept.archive.forget(ended_before=NOON + timedelta(days=1), limit=9)
    assert await kept.ids(text="a.py") == []


@pytest.mark.parametrize("kept", FOLDING, indirect=True)
@pytest.mark.parametrize("written", LETTERS)
async def test_letters_are_folded_alike_wherever_jobs_are_kept(kept: Kept, written: str) -> None:
    by_name = await kept.add(minute=1, input_params={"file_name": written})
    by_wish = await kept.add(minute=2, input_params={"custom_headline": written})
    by_label = await kept.add(minute=3, input_params=handled(labels={"name": written}))
    by_headline = await kept.add(minute=4)
    await kept.add(minute=5, input_params={"file_name": "other.py"})
    done = {"status": JobStatus.COMPLETED, "completed_at": NOON, "execution_time_ms": 1}
    said = Outcome.model_validate({**done, "understanding": {"headline": written}})
    await kept.archive.finish(by_headline.id, said)

    for text in (written, *LETTERS[written]):
        found = await kept.ids(text=text)
        assert found == [by_headline.id, by_label.id, by_wish.id, by_name.id], text


@pytest.mark.parametrize("kept", FOLDING, indirect=True)
async def test_what_was_folded_stays_so_when_more_is_said_of_it(kept: Kept) -> None:
    job = await kept.add(input_params={"file_name": "İstanbul.py"})
    end = {"status": JobStatus.COMPLETED, "completed_at": NOON, "execution_time_ms": 1}
    said = Outcome.model_validate({**end, "understanding": {"headline": "Plain"}})
    await kept.archive.finish(job.id, said)

    assert await kept.ids(text="istanbul") == [job.id]
    assert await kept.ids(text="PLAIN") == [job.id]
