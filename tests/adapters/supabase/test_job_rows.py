"""The rows of a project that jobs are counted by."""

from datetime import UTC, datetime, timedelta

import pytest

from storyloom.adapters.supabase._project import Project
from storyloom.adapters.supabase.job_rows import SupabaseJobRows
from storyloom.errors import BadAnswer
from storyloom.kit.clock import ManualClock
from tests.contracts.test_job_archive import completed, make
from tests.postgrest import server
from tests.postgrest.faults import Says

START, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


async def _keep(project: Project, clock: ManualClock, *, days: int, each: int) -> str:
    """Some jobs that end as they are made, on days that follow each other; their organisation."""
    for _ in range(days):
        clock.advance(timedelta(days=1).total_seconds())
        for _ in range(each):
            job = make(clock)
            await project.archive.add(job)
            await project.archive.finish(job.id, completed(clock))
    return make(clock).org_id


async def test_as_many_requests_are_sent_as_are_needed(
    project: Project, clock: ManualClock
) -> None:
    org_id = await _keep(project, clock, days=3, each=2)

    rows = await project.rows.between(org_id, START, END)

    assert len(rows.made_at) == len(rows.ended) == 6
    assert rows.missing == ()


async def test_of_too_many_only_whole_days_are_told(project: Project, clock: ManualClock) -> None:
    org_id = await _keep(project, clock, days=3, each=2)
    today = clock.now().date()
    few = SupabaseJobRows(project.rows._rest, most=5)

    rows = await few.between(org_id, START, END)

    assert {at.date() for at in rows.made_at} == {today, today - timedelta(days=1)}
    assert [one.completed_at.date() for one in rows.ended] == [
        *(today, today),
        *[today - timedelta(days=1)] * 2,
    ]
    assert [sentence.partition(" are not")[0] for sentence in rows.missing] == [
        f"Storyboards that were made before {today - timedelta(days=1)}",
        f"Storyboards that ended before {today - timedelta(days=1)}",
    ]


async def test_a_gateway_that_keeps_the_count_back_is_told(
    project: Project, supabase: server.Project, clock: ManualClock
) -> None:
    supabase.will(Says(200, b"[]"))

    with pytest.raises(BadAnswer):
        await project.rows.between("acme", START, END)


async def test_of_too_many_that_run_on_the_newest_are_told(
    project: Project, clock: ManualClock
) -> None:
    for _ in range(3):
        job = make(clock)
        await project.archive.add(job)
        await project.archive.begin(job.id, clock.now())
        clock.advance(timedelta(days=1).total_seconds())
    few = SupabaseJobRows(project.rows._rest, most=2)

    rows = await few.between(make(clock).org_id, START, END)

    newest = clock.now() - timedelta(days=1)
    assert [(one.started_at, one.completed_at) for one in rows.beyond] == [(newest, None)]
    assert f"ran longer than these days and began before {newest.date()} are" in rows.missing[-1]


async def test_what_ended_later_is_told_as_running_on(project: Project, clock: ManualClock) -> None:
    job = make(clock)
    await project.archive.add(job)
    await project.archive.begin(job.id, clock.now())
    clock.advance(100)
    await project.archive.finish(job.id, completed(clock))
    end = clock.now() - timedelta(seconds=50)

    rows = await project.rows.between(job.org_id, START, end)

    assert rows.ended == []
    (one,) = rows.beyond
    assert one.completed_at == clock.now()
