"""What happens to runs and their pictures, told as events: as differences of what is kept."""

from collections.abc import Iterator, Sequence

from pydantic import JsonValue

from storyloom.automation.runs.schemas import Run, Shot, ShotStatus
from storyloom.events.schemas import Draft, EventType, Subject
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import Clock, elapsed_ms

KIND = "story_run"
ENDS: dict[JobStatus, tuple[EventType, str]] = {
    JobStatus.COMPLETED: (EventType.COMPLETED, "succeeded"),
    JobStatus.FAILED: (EventType.FAILED, "failed"),
    JobStatus.CANCELLED: (EventType.CANCELLED, "canceled"),
}
_TENTHS = 10
_GIVEN_UP = frozenset({ShotStatus.FAILED, ShotStatus.CANCELLED})


def accepted(run: Run, clock: Clock) -> Draft:
    """It is safe, and waits; told anew of one that has ended and goes on."""
    at = run.created_at if run.edits == 0 else clock.now()
    cause = f"{run.id}:{run.job}:accepted"
    return Draft.of(
        run.org_id, EventType.ACCEPTED, _subject(run), at=at, data={"status": "queued"}, cause=cause
    )


def end_of(run: Run) -> Draft:
    """The event by which a run that has ended did so."""
    type_, status = ENDS[run.status]
    at = run.completed_at or run.created_at
    took_ms = elapsed_ms(run.started_at or run.waits_since, at)
    data: dict[str, JsonValue] = {"status": status, "duration_ms": took_ms}
    if run.report is not None:
        counts = run.report.model_dump(
            mode="json", include={"headline", "total", "done", "degraded", "failed", "cancelled"}
        )
        data["report"] = counts
    if run.status is JobStatus.FAILED:
        data["error"] = {"code": run.error_code, "message": run.error_message}
    cause = f"{run.id}:{run.job}:end"
    return Draft.of(run.org_id, type_, _subject(run), at=at, data=data, cause=cause)


def changes_of(before: Run, run: Run, clock: Clock) -> Iterator[Draft]:
    """What has happened to a run between the two."""
    if run.status.is_terminal:
        if not before.status.is_terminal:
            yield end_of(run)
        return
    if before.status.is_terminal:
        yield accepted(run, clock)
    if run.status is JobStatus.PROCESSING and before.status is not JobStatus.PROCESSING:
        yield _of(run, EventType.STARTED, clock, {"status": "running"}, cause=f"{run.job}:started")
        return
    codes = [one.code for one in run.waiting_on]
    data: dict[str, JsonValue] = {"status": _status(run), "stage": run.stage}
    if codes:
        data["waiting_on"] = [
            one.model_dump(mode="json", include={"code", "detail", "since", "until"})
            for one in run.waiting_on
        ]
    if codes and codes != [one.code for one in before.waiting_on]:
        yield _of(run, EventType.WAITING, clock, data)
    elif _shown(run) != _shown(before):
        yield _of(run, EventType.PROGRESS, clock, data)


def _shown(run: Run) -> tuple[object, ...]:
    """What people see of it while it goes on."""
    return run.stage, run.wanted, run.waiting_on


def _status(run: Run) -> str:
    """In the words of `/v1/jobs`."""
    if run.waiting_on:
        return "waiting"
    return "queued" if run.status is JobStatus.PENDING else "running"


def shots_added(
    shots: Sequence[Shot], *, org_id: str, run_id: str, clock: Clock
) -> Iterator[Draft]:
    """More pictures are known to come: one event for them all, since a story may have thousands."""
    if shots:
        subject, data = Subject(kind=KIND, id=run_id), {"added": len(shots)}
        yield Draft.of(org_id, EventType.SHOTS, subject, at=clock.now(), data=data)


def shot_changes_of(
    before: Shot, shot: Shot, *, org_id: str, run_id: str, clock: Clock
) -> Iterator[Draft]:
    """What has happened to a picture between the two. How far it is, is told in tenths."""
    is_made = len(shot.versions) > len(before.versions)
    is_given_up = shot.status in _GIVEN_UP and shot.status is not before.status
    is_further = _tenths(shot) > _tenths(before)
    is_progress = _but_progress(shot) == _but_progress(before)
    if is_progress and not is_further:
        return
    data: dict[str, JsonValue] = {
        "shot": shot.id,
        "beat_id": shot.beat_id,
        "place": shot.place,
        "aspect": shot.aspect,
        "take": shot.take,
        "status": shot.status,
        "version": shot.chosen,
    }
    if shot.progress is not None:
        data["progress"] = shot.progress
    if is_progress:
        data["is_progress"] = True
    if shot.status is ShotStatus.FAILED:
        data["error"] = {"code": shot.error_code, "message": shot.error_message}
    # All else may come about again, and is told each time.
    is_once = is_made or is_given_up
    cause = f"{run_id}:{shot.id}:{shot.status}:{shot.rounds}:{len(shot.versions)}" * is_once
    subject = Subject(kind=KIND, id=run_id)
    yield Draft.of(org_id, EventType.SHOT, subject, at=clock.now(), data=data, cause=cause)


def _tenths(shot: Shot) -> int:
    return int(_TENTHS * (shot.progress or 0))


def _but_progress(shot: Shot) -> Shot:
    return shot.model_copy(update={"progress": None})


def _of(
    run: Run, type_: EventType, clock: Clock, data: dict[str, JsonValue], *, cause: str = ""
) -> Draft:
    named = f"{run.id}:{cause}" if cause else ""
    return Draft.of(run.org_id, type_, _subject(run), at=clock.now(), data=data, cause=named)


def _subject(run: Run) -> Subject:
    return Subject(kind=KIND, id=run.id)
