"""A run as people see it. Names are in camel case on the wire."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.outdated import Outdated, outdated_picture, outdated_prompts
from storyloom.automation.runs.report import report_of
from storyloom.automation.runs.schemas import (
    Mending,
    Report,
    Run,
    Shot,
    ShotStatus,
    Stage,
    Version,
    WaitCode,
    WaitingOn,
    Wanted,
)
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import JobId
from storyloom.outbound.costs import Cost
from storyloom.story.episodes import BeatSeen, StoryView
from storyloom.story.prompts import Aspect, PromptSet

RUNS = "/api/v1/automation/runs"
_CAMEL = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True)
#: What of a shot is kept for the director alone.
_OURS = {"place", "wanted", "rounds", "seed", "origin", "origins"}
#: The newest pictures tell best how long the next ones take.
_RECENT = 12


class RunAccepted(BaseModel):
    """The run is kept, and will be driven to its end."""

    model_config = _CAMEL

    success: Literal[True] = True
    run_id: JobId
    session_timestamp: int
    status: JobStatus
    poll_url: str

    @classmethod
    def of(cls, run: Run) -> "RunAccepted":
        """The answer to whoever asked for it."""
        return cls(
            run_id=run.id,
            session_timestamp=run.session_timestamp,
            status=run.status,
            poll_url=f"{RUNS}/{run.id}",
        )


class Eta(BaseModel):
    """When a run may have ended."""

    model_config = _CAMEL

    at: datetime
    seconds: float
    basis: str = Field(description="What that is reckoned from")


class Counts(BaseModel):
    """How many pictures are how far."""

    model_config = _CAMEL

    total: int = 0
    waiting: int = 0
    ready: int = 0
    making: int = 0
    done: int = 0
    degraded: int = 0
    failed: int = 0
    cancelled: int = 0


class ShotView(BaseModel):
    """One picture of a beat."""

    model_config = _CAMEL

    id: str
    beat_id: str
    aspect: Aspect
    take: int
    status: ShotStatus
    progress: float | None
    caption: str
    prompt: PromptSet | None
    edited: bool
    image_url: str | None = Field(description="Of the version that counts")
    chosen: int | None
    versions: tuple[Version, ...]
    steps: tuple[Mending, ...]
    error_code: str | None
    error_message: str | None
    outdated: Outdated | None = Field(
        default=None,
        description="Why its picture is not what the story says now, or the words that somebody gave"
        " for one that is to come; null where they are, and where one picture is answered alone",
    )

    @classmethod
    def of(cls, run: Run, shot: Shot, story: StoryView | None = None) -> "ShotView":
        """As people see it; with the story, also whether that has changed since."""
        url = None
        if shot.chosen is not None:
            url = f"{RUNS}/{run.id}/shots/{shot.id}/image?version={shot.chosen}"
        kept = shot.model_dump(exclude=_OURS)
        old = None if story is None else outdated_picture(shot, story)
        return cls.model_validate({**kept, "image_url": url, "outdated": old})


class BeatView(BaseModel):
    """A beat, and its pictures."""

    model_config = _CAMEL

    beat_id: str
    place: int
    decision: str = Field(description="`NEW_IMAGE`, `REUSE_IMAGE` or `NO_IMAGE`")
    has_prompts: bool
    image_url: str | None = Field(description="Of its first picture, or of the one that it reuses")
    reuse_of: str | None = None
    outdated: Outdated | None = Field(
        default=None, description="Why its prompts are older than the beat; null where they are not"
    )
    shots: tuple[str, ...] = Field(description="Their ids")


class RunSummary(BaseModel):
    """A run as lists show it."""

    model_config = _CAMEL

    run_id: JobId
    session_timestamp: int
    status: JobStatus
    stage: Stage
    wanted: Wanted
    waiting_on: tuple[WaitingOn, ...]
    backend: str
    error_code: str | None
    error_message: str | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    pictures: int | None = Field(
        description="So many it has made; null until it has ended, and where it ended without a report"
    )

    @classmethod
    def of(cls, run: Run) -> "RunSummary":
        """As lists show it."""
        return cls.model_validate(_shown(run))


class RunList(BaseModel):
    """Runs, the newest first."""

    model_config = _CAMEL

    runs: list[RunSummary]


class RunView(RunSummary):
    """A run, whole."""

    config: RunConfig
    counts: Counts
    beats: tuple[BeatView, ...]
    shots: tuple[ShotView, ...]
    eta: Eta | None
    spent: Cost | None
    gpu_seconds: float
    degraded: tuple[str, ...]
    report: Report | None

    @classmethod
    def whole(
        cls,
        run: Run,
        shots: Sequence[Shot],
        story: StoryView | None,
        *,
        spent: Cost | None,
        now: datetime,
    ) -> "RunView":
        """As people see it."""
        return cls.model_validate(
            {
                **_shown(run),
                "config": run.config,
                "counts": counts_of(shots),
                "beats": tuple(_beats(run, shots, story)),
                "shots": tuple(ShotView.of(run, shot, story) for shot in shots),
                "eta": eta_of(run, shots, now),
                "spent": spent,
                "gpu_seconds": run.gpu_ms / 1000,
                "degraded": run.degraded,
                "report": current_report(run, shots, now) if run.status.is_terminal else None,
            }
        )


def current_report(run: Run, shots: Sequence[Shot], now: datetime) -> Report:
    """The report as it is after what people have done since; while a run goes on, so far."""
    kept = run.report
    return report_of(
        run,
        shots,
        now=now,
        reused=0 if kept is None else kept.reused,
        beats=0 if kept is None else kept.beats,
        spent=None if kept is None else kept.spent,
    )


def counts_of(shots: Iterable[Shot]) -> Counts:
    """How many are how far."""
    statuses = [shot.status for shot in shots]
    return Counts(total=len(statuses), **{s.value: statuses.count(s) for s in ShotStatus})


def first_of(shots: Iterable[Shot]) -> tuple[Shot, Version] | None:
    """The picture that stands for a run: of its first shot that has one, in the story's order."""
    return next(((shot, shot.version) for shot in shots if shot.version is not None), None)


def eta_of(run: Run, shots: Sequence[Shot], now: datetime) -> Eta | None:
    """When the pictures may be there; None where there is nothing to reckon from."""
    left = sum(not shot.status.is_terminal for shot in shots)
    versions = sorted(
        (shot.version for shot in shots if shot.version is not None), key=lambda v: v.made_at
    )
    took = [v.duration_ms / 1000 for v in versions if not v.is_frame or run.backend == "frames"]
    if run.status is not JobStatus.PROCESSING or not left or not took:
        return None
    each_s = median(took[-_RECENT:])
    seconds = round(left * each_s, 1)
    basis = f"{left} pictures are left; the last {len(took[-_RECENT:])} took {each_s:.1f} s each"
    if run.waiting_on:
        basis += "; nothing moves now"
    return Eta(at=now + timedelta(seconds=seconds), seconds=seconds, basis=basis)


def waits_of(run: Run) -> tuple[WaitingOn, ...]:
    """Why nothing moves."""
    waits = run.waiting_on
    if run.status is JobStatus.PENDING:
        says = "No process has taken the run up yet"
        waits = (WaitingOn(code=WaitCode.QUEUED, detail=says, since=run.waits_since),)
    is_paused = run.wanted is Wanted.PAUSE and not run.status.is_terminal
    if is_paused and all(wait.code is not WaitCode.PAUSED for wait in waits):
        # Whoever drives it has not heard of it yet, or finishes the picture in hand.
        says = "Somebody has paused the run"
        since = run.started_at or run.waits_since
        waits = (*waits, WaitingOn(code=WaitCode.PAUSED, detail=says, since=since))
    return waits


def _shown(run: Run) -> dict[str, object]:
    names = ("session_timestamp", "status", "stage", "wanted", "backend", "error_code")
    more = ("error_message", "created_at", "started_at", "completed_at")
    shown = {name: getattr(run, name) for name in (*names, *more)}
    return {"run_id": run.id, "waiting_on": waits_of(run), "pictures": _pictures(run), **shown}


def _pictures(run: Run) -> int | None:
    """The report of a run that goes on again is of its earlier passes."""
    if not run.status.is_terminal or run.report is None:
        return None
    return run.report.done + run.report.degraded


def _beats(run: Run, shots: Sequence[Shot], story: StoryView | None) -> Iterable[BeatView]:
    of_beat: dict[str, list[Shot]] = {}
    for shot in shots:
        of_beat.setdefault(shot.beat_id, []).append(shot)
    urls = {name: _url(run, ones) for name, ones in of_beat.items()}
    if story is None:
        return
    for seen in story.beats:
        old = outdated_prompts(seen, story, run.config.aspects)
        yield _beat(seen, urls, of_beat.get(seen.beat.id, ()), old)


def _beat(
    seen: BeatSeen, urls: Mapping[str, str | None], shots: Iterable[Shot], old: Outdated | None
) -> BeatView:
    decision, name = seen.found.image_decision, seen.beat.id
    return BeatView(
        beat_id=name,
        place=seen.place,
        decision=decision.type,
        has_prompts=seen.beat.has_prompts,
        image_url=urls.get(name) or urls.get(decision.reuse_of or ""),
        reuse_of=decision.reuse_of,
        outdated=old,
        shots=tuple(shot.id for shot in shots),
    )


def _url(run: Run, shots: Iterable[Shot]) -> str | None:
    found = (ShotView.of(run, shot).image_url for shot in shots)
    return next((url for url in found if url is not None), None)
