"""The steps of a job in their order, as people see them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from storyloom.kit.clock import elapsed_ms
from storyloom.outbound.costs import Cost, Dollars, cost_of
from storyloom.outbound.schemas import Entry
from storyloom.work.schemas import Waiting, Work, WorkError, WorkKind, WorkStatus

#: Of one step so many calls are told, the last ones.
CALLS_TOLD = 50
#: Of a run so many pictures of each sort are told.
SHOTS_TOLD = 10
QUEUED = "queued"


class StepOutcome(StrEnum):
    """How far a step is. More words may come."""

    PENDING = "pending"  #: not begun
    RUNNING = "running"
    WAITING = "waiting"  #: begun, and nothing moves now
    DONE = "done"
    FAILED = "failed"
    CANCELED = "canceled"
    SKIPPED = "skipped"  #: the job ended before it was begun


class TimelineCall(BaseModel):
    """One request to a model."""

    provider: str
    model: str
    purpose: str = Field(description="What was asked, such as `understand_code`")
    attempt: int = Field(ge=1, description="Which try of the same question it was")
    started_at: datetime
    duration_ms: int | None = Field(ge=0, description="Null while nobody knows its end")
    outcome: str = Field(description="`open`, `ok`, or the stable code of an error")
    input_tokens: int | None
    output_tokens: int | None
    usd: Dollars | None = Field(description="Null where nobody knows the price")
    price_source: str

    @classmethod
    def of(cls, entry: Entry) -> "TimelineCall":
        """A call as the ledger has it."""
        end = entry.ending
        usage = None if end is None else end.usage
        return cls(
            provider=entry.call.provider,
            model=entry.call.model,
            purpose=entry.call.purpose,
            attempt=entry.attempt,
            started_at=entry.started_at,
            duration_ms=None if end is None else end.duration_ms,
            outcome=entry.outcome,
            input_tokens=None if usage is None else usage.input_tokens,
            output_tokens=None if usage is None else usage.output_tokens,
            usd=None if usage is None else usage.cost_usd,
            price_source="" if usage is None else usage.price_source,
        )


class TimelineStep(BaseModel):
    """One step of a job; the first of all is `queued`."""

    name: str
    outcome: StepOutcome
    started_at: datetime | None
    ended_at: datetime | None
    duration_ms: int | None = Field(ge=0, description="Null until it has ended")
    attempts: int = Field(ge=0, description="Requests to models; 1 for a step that made none")
    provider: str | None = Field(description="Of its last call that brought what was asked")
    model: str | None
    cost: Cost | None = Field(description="Of its calls; null where it made none")
    calls: list[TimelineCall] = Field(description=f"The last {CALLS_TOLD} of its calls")
    waits: list[Waiting] = Field(description="What it waits for, or has waited for")
    degraded: list[str] = Field(description="What could not be done as well as usual")
    error: WorkError | None


class ShotTime(BaseModel):
    """A picture of a run, and how long it took."""

    id: str
    caption: str
    duration_ms: int = Field(ge=0)
    backend: str
    model: str
    url: str = Field(description="The picture")


class ShotFault(BaseModel):
    """A picture of a run that was not made."""

    id: str
    caption: str
    rounds: int = Field(ge=0, description="How often making it was begun")
    error: WorkError


class ShotSummary(BaseModel):
    """The pictures of a run in figures. All of them are at the run's own route."""

    total: int = Field(ge=0)
    waiting: int = Field(ge=0)
    ready: int = Field(ge=0)
    making: int = Field(ge=0)
    done: int = Field(ge=0)
    degraded: int = Field(ge=0)
    failed: int = Field(ge=0)
    cancelled: int = Field(ge=0)
    slowest: list[ShotTime] = Field(description=f"At most {SHOTS_TOLD}, the slowest first")
    faults: list[ShotFault] = Field(description=f"At most {SHOTS_TOLD} that failed, in story order")


class Timeline(BaseModel):
    """What has become of a job, step by step; also while it runs."""

    id: str
    kind: WorkKind
    status: WorkStatus
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    queue_ms: int | None = Field(description="From when it was asked for to its begin")
    run_ms: int | None = Field(description="From its begin to its end")
    cost: Cost = Field(description="Of all its calls so far")
    degraded: list[str]
    error: WorkError | None
    steps: list[TimelineStep]
    shots: ShotSummary | None = Field(default=None, description="Of a run")

    @classmethod
    def of(
        cls,
        work: Work,
        steps: Iterable[TimelineStep],
        entries: Sequence[Entry],
        shots: ShotSummary | None = None,
        *,
        asked_at: datetime | None = None,
    ) -> "Timeline":
        """The steps of this work, after that of waiting in its queue.

        `asked_at` is when its present pass was asked for, where it is not its making.
        """
        told = list(steps)
        since = asked_at or work.created_at
        began, ended = work.started_at, work.completed_at
        return cls(
            id=work.id,
            kind=work.kind,
            status=work.status,
            created_at=work.created_at,
            started_at=began,
            completed_at=ended,
            queue_ms=None if began is None else elapsed_ms(since, began),
            run_ms=None if began is None or ended is None else elapsed_ms(began, ended),
            cost=cost_of(entries),
            degraded=work.degraded,
            error=work.error,
            steps=[_queued(work, since, told), *told],
            shots=shots,
        )


def step_of(  # noqa: PLR0913 - a step has the fields it has
    name: str,
    outcome: StepOutcome,
    *,
    began: datetime | None,
    ended: datetime | None = None,
    entries: Sequence[Entry] = (),
    waits: Iterable[Waiting] = (),
    degraded: Iterable[str] = (),
    error: WorkError | None = None,
) -> TimelineStep:
    """A step, with its calls to models."""
    good = next((e.call for e in reversed(entries) if e.outcome == "ok"), None)
    return TimelineStep(
        name=name,
        outcome=outcome,
        started_at=began,
        ended_at=ended,
        duration_ms=None if began is None or ended is None else elapsed_ms(began, ended),
        attempts=0 if began is None else max(1, len(entries)),
        provider=None if good is None else good.provider,
        model=None if good is None else good.model,
        cost=cost_of(entries) if entries else None,
        calls=[TimelineCall.of(entry) for entry in entries[-CALLS_TOLD:]],
        waits=list(waits),
        degraded=list(degraded),
        error=error,
    )


#: How the step ended that a job was at when it ended so.
LAST: dict[WorkStatus, StepOutcome] = {
    WorkStatus.SUCCEEDED: StepOutcome.DONE,
    WorkStatus.FAILED: StepOutcome.FAILED,
    WorkStatus.CANCELED: StepOutcome.CANCELED,
    WorkStatus.WAITING: StepOutcome.WAITING,
}


def last_outcome(work: Work) -> StepOutcome:
    """How far the step is that a job is at, or was at in the end."""
    return LAST.get(work.status, StepOutcome.RUNNING)


def _queued(work: Work, asked_at: datetime, steps: Sequence[TimelineStep]) -> TimelineStep:
    """The time before its begin; a job that never began ended in its queue."""
    first = steps[0].started_at if steps else None
    if first is not None and first < asked_at:  # of a pass before this one
        return step_of(QUEUED, StepOutcome.DONE, began=work.created_at, ended=first)
    until = work.started_at or work.completed_at
    outcome = StepOutcome.DONE
    if work.started_at is None:
        outcome = StepOutcome.WAITING if until is None else last_outcome(work)
    waits = work.waiting_on if until is None else ()
    return step_of(QUEUED, outcome, began=asked_at, ended=until, waits=waits)
