"""Exports of runs among work of all kinds."""

from datetime import timedelta
from typing import Any

import pytest

from storyloom.access.schemas import Scope
from storyloom.automation.runs.errors import ExportFailed, ExportNotFound
from storyloom.automation.runs.export_work import ExportWork
from storyloom.automation.runs.exported import ExportFound
from storyloom.automation.runs.exporting import OVERDUE
from storyloom.automation.runs.naming import export_id
from storyloom.automation.runs.schemas import Run
from storyloom.boards.export.schemas import ExportKind, ExportOptions
from storyloom.errors import Unsupported
from storyloom.jobs.schemas import JobStatus, Priority
from storyloom.kit.ids import JobId
from storyloom.work.errors import NothingFailed, WorkNotFound
from storyloom.work.ordering import WorkOrder
from storyloom.work.schemas import WorkFilter, WorkKind, WorkStatus
from tests.work.conftest import ACME, BETA, Desk, with_scope

EDL = "timeline.edl"


async def ids(desk: Desk, **wanted: Any) -> list[str]:
    page = await desk.works.page(ACME, WorkFilter(**wanted), limit=50, cursor=None)
    return [work.id for work in page.data]


async def begun(desk: Desk) -> tuple[Run, JobId]:
    """A run, and an export of it that is asked for."""
    run = await desk.run(status=JobStatus.COMPLETED)
    export = await desk.export(run)
    return run, export_id(run.id, export.name)


async def failed(desk: Desk) -> tuple[Run, JobId]:
    run, job = await begun(desk)
    end = {"ended_at": desk.clock.now(), "error_code": "disk_full", "error_message": "It is full."}
    await desk.exported(run, status=JobStatus.FAILED, **end)
    return run, job


async def test_exports_are_listed_with_all_work_the_last_asked_for_first(desk: Desk) -> None:
    run, edl = await begun(desk)
    code = await desk.storyboard()
    sheet = export_id(run.id, (await desk.export(run, ExportKind.SHEET)).name)
    foreign = await desk.run(org_id="beta")
    await desk.export(foreign)

    assert await ids(desk) == [sheet, code.id, edl, run.id]
    assert await ids(desk, kinds=frozenset({WorkKind.EXPORT})) == [sheet, edl]
    assert await ids(desk, statuses=frozenset({WorkStatus.QUEUED})) == [sheet, code.id, edl]
    assert await ids(desk, labels={"team": "web"}) == []

    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = await desk.works.page(ACME, WorkFilter(), limit=1, cursor=cursor)
        seen += [work.id for work in page.data]
        if (cursor := page.next_cursor) is None:
            break
    assert seen == [sheet, code.id, edl, run.id]


async def test_an_export_that_is_made_is_told_whole(desk: Desk) -> None:
    run, job = await begun(desk)
    made_at = desk.clock.now() + timedelta(seconds=3)
    found = ExportFound(
        key="exports/a.edl",
        digest="a",
        size_bytes=9,
        file_name="the-ship-timeline.edl",
        left_out=(2, 5),
        made_at=made_at,
    )
    begin = {"started_at": desk.clock.now() + timedelta(seconds=1), "ended_at": made_at}
    await desk.exported(run, status=JobStatus.COMPLETED, found=found, **begin)

    work = await desk.works.get(ACME, job)

    url = f"/api/v1/automation/runs/{run.id}/exports/{EDL}"
    told = work.model_dump(mode="json", exclude_none=True)
    assert told["status"] == "succeeded"
    assert told["metrics"] == {"queue_s": 1.0, "run_s": 2.0}
    assert told["progress"] == {"done": 1, "total": 1, "fraction": 1.0}
    assert told["links"]["result"] == url
    assert told["input"] == {
        "run_id": run.id,
        "name": EDL,
        "format": "edl",
        "layout": "grid-6",
        "frames_per_second": 24,
        "film_height": 720,
    }
    assert told["output"]["files"] == [
        {"name": "the-ship-timeline.edl", "url": url, "media_type": "text/plain; charset=utf-8"}
    ]
    assert told["degraded"] == ["Cards stand for pictures that could not be read: 2, 5"]
    assert (await desk.works.cost(ACME, job)).calls == 0
    assert (await desk.works.cancel(ACME, job)).status is WorkStatus.SUCCEEDED
    with pytest.raises(NothingFailed):
        await desk.works.retry(ACME, job)


async def test_one_that_waits_is_told_its_place_and_started_again_when_it_is_late(
    desk: Desk,
) -> None:
    run, job = await begun(desk)
    (kept,) = await desk.exports.all("acme", run.id)
    desk.engine.places[kept.job] = 2

    told = await desk.works.explain(ACME, job)

    assert (told.position, told.says) == (3, "In the queue 'exports' 2 others go first.")
    desk.clock.advance(OVERDUE.total_seconds() + 1)
    assert (await desk.works.get(ACME, job)).progress.fraction == 0.0
    assert desk.engine.started == [(kept.job, "run_export")] * 2


async def test_one_that_is_not_begun_is_cancelled_and_made_again_on_request(desk: Desk) -> None:
    run, job = await begun(desk)
    await desk.export(run, ExportKind.SHEET)

    for _ in range(2):
        work = await desk.works.cancel(ACME, job)
        assert (work.status, work.error) == (WorkStatus.CANCELED, None)
    with pytest.raises(ExportFailed, match="cancelled on request"):
        await desk.exports.one("acme", run.id, EDL)
    assert (await desk.works.explain(ACME, job)).says == "It was cancelled on request."
    sheet = export_id(run.id, "contact-sheet.pdf")
    assert await ids(desk, statuses=frozenset({WorkStatus.QUEUED})) == [sheet]

    desk.clock.advance(60)
    again = await desk.works.retry(ACME, job)

    assert (again.id, again.status) == (job, WorkStatus.QUEUED)
    assert again.created_at == desk.clock.now()
    assert (await ids(desk))[0] == job


async def test_one_goes_first_as_it_was_asked_for_and_still_does_when_it_is_made_again(
    desk: Desk,
) -> None:
    run, job = await begun(desk)
    await desk.works.cancel(ACME, job)
    await desk.exports.ask(
        "acme", run.id, [ExportKind.EDL], ExportOptions(), priority=Priority.HIGH
    )
    assert (await desk.works.get(ACME, job)).priority == "high"
    await desk.works.cancel(ACME, job)

    again = await desk.works.retry(ACME, job)

    assert again.priority == "high"
    assert desk.engine.priorities == [Priority.NORMAL, Priority.HIGH, Priority.HIGH]


async def test_one_that_is_being_made_is_cancelled_and_who_makes_it_is_stopped(desk: Desk) -> None:
    run, job = await begun(desk)
    await desk.exported(run, status=JobStatus.PROCESSING, started_at=desk.clock.now())
    (kept,) = await desk.exports.all("acme", run.id)
    assert (await desk.works.explain(ACME, job)).says == "It is running."

    with desk.stops.run(kept.job):
        work = await desk.works.cancel(ACME, job)
        assert desk.stops.running == []

    assert work.status is WorkStatus.CANCELED
    assert work.completed_at == desk.clock.now()


async def test_one_that_failed_says_why_and_is_made_again(desk: Desk) -> None:
    run, job = await failed(desk)

    work = await desk.works.get(ACME, job)

    assert work.error is not None
    assert (work.status, work.error.code) == (WorkStatus.FAILED, "disk_full")
    before = [one.job for one in await desk.exports.all("acme", run.id)]
    assert (await desk.works.retry(ACME, job)).status is WorkStatus.QUEUED
    (after,) = await desk.exports.all("acme", run.id)
    assert after.job not in before
    with pytest.raises(NothingFailed):
        await desk.works.retry(ACME, job)


async def test_what_belongs_to_others_is_not_found(desk: Desk) -> None:
    _, job = await failed(desk)
    by_itself = ExportWork(desk.exports, desk.store, desk.works.queues)

    for whose in (BETA, with_scope(Scope.STORYBOARDS)):
        for ask in (desk.works.get, desk.works.cancel, desk.works.retry, desk.works.explain):
            with pytest.raises(WorkNotFound):
                await ask(whose, job)
        page = await desk.works.page(whose, WorkFilter(), limit=9, cursor=None)
        assert page.data == []
    with pytest.raises(ExportNotFound):
        await by_itself.cancel("beta", job)
    assert (await desk.works.get(with_scope(Scope.STORIES), job)).id == job


async def test_exports_go_with_their_run(desk: Desk) -> None:
    run, job = await failed(desk)
    end = {"completed_at": desk.clock.now()}
    await desk.store.change(run.id, lambda kept: kept.model_copy(update=end))

    await desk.store.forget(ended_before=desk.clock.now() + timedelta(seconds=1), limit=1)

    with pytest.raises(WorkNotFound):
        await desk.works.get(ACME, job)
    assert await ids(desk) == []


async def test_exports_are_asked_for_at_their_run(desk: Desk) -> None:
    order = WorkOrder.model_validate({"kind": "run_export"})

    with pytest.raises(Unsupported, match=r"POST /api/v1/automation/runs/{id}/exports"):
        await desk.works.create(ACME, order)
