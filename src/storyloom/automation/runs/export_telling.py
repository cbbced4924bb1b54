"""What happens to exports of runs, told as events: as differences of what is kept."""

from collections.abc import Iterator
from datetime import datetime

from pydantic import JsonValue

from storyloom.automation.runs.exported import Export, RunExport
from storyloom.automation.runs.exporting import PIPELINE
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.telling import ENDS
from storyloom.events.schemas import Draft, EventType, Subject
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import elapsed_ms

KIND = PIPELINE


def export_changes_of(before: Run, run: Run) -> Iterator[Draft]:
    """What has happened to the exports of a run between the two."""
    kept = {one.job: one for one in before.exports}
    for one in run.exports:
        was = kept.get(one.job)
        if was is None:
            yield _of(_told(run, one), EventType.ACCEPTED, "queued", at=one.asked_at)
        if one.status is (JobStatus.PENDING if was is None else was.status):
            continue
        if one.status.is_terminal:
            yield end_of_export(_told(run, one))
        else:
            at = one.started_at or one.asked_at
            yield _of(_told(run, one), EventType.STARTED, "running", at=at)


def end_of_export(told: RunExport) -> Draft:
    """The event by which an export that has ended did so."""
    one = told.export
    type_, status = ENDS[one.status]
    at = one.ended_at or one.asked_at
    more: dict[str, JsonValue] = {"duration_ms": elapsed_ms(one.started_at or one.asked_at, at)}
    if one.status is JobStatus.FAILED:
        more["error"] = {"code": one.error_code, "message": one.error_message}
    return _of(told, type_, status, at=at, more=more)


def _of(
    told: RunExport,
    type_: EventType,
    status: str,
    *,
    at: datetime,
    more: dict[str, JsonValue] | None = None,
) -> Draft:
    data: dict[str, JsonValue] = {"status": status, "run_id": told.run_id, "name": told.export.name}
    subject = Subject(kind=KIND, id=told.id)
    cause = f"{told.export.job}:{type_}"
    return Draft.of(told.org_id, type_, subject, at=at, data=data | (more or {}), cause=cause)


def _told(run: Run, one: Export) -> RunExport:
    return RunExport(run.id, run.org_id, one)
