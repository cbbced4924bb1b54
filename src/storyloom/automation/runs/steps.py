"""The stages of a run as steps, put together from what was told of it. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from storyloom.events.schemas import ENDS, Event, EventType
from storyloom.outbound.schemas import Entry
from storyloom.work.schemas import Waiting, Work, WorkStatus
from storyloom.work.timeline import QUEUED, StepOutcome, TimelineStep, last_outcome, step_of

_BEGIN = "begin"


@dataclass(slots=True)
class _Stretch:
    """A time in which a run was at one stage."""

    name: str
    began: datetime
    ended: datetime | None = None
    ended_as: StepOutcome = StepOutcome.DONE
    waits: dict[str, Waiting] = field(default_factory=dict[str, Waiting])


_ENDED_AS: Mapping[str, StepOutcome] = {
    EventType.FAILED: StepOutcome.FAILED,
    EventType.CANCELLED: StepOutcome.CANCELED,
}


def steps_of(work: Work, events: Iterable[Event], entries: Sequence[Entry]) -> list[TimelineStep]:
    """Its stages in the order in which it went through them; one that it came back to stands again.

    A run of which nothing was told is told as one step, for as long as it took.
    """
    stretches = _stretches(events)
    if not stretches and work.started_at is not None:
        stretches = [_Stretch(_BEGIN, work.started_at, work.completed_at, last_outcome(work))]
    return [_step(work, one, entries, is_last=one is stretches[-1]) for one in stretches]


def _stretches(events: Iterable[Event]) -> list[_Stretch]:
    found: list[_Stretch] = []
    for event in events:
        now = found[-1] if found and found[-1].ended is None else None
        if event.type in ENDS:
            if now is not None:
                now.ended, now.ended_as = event.at, _ENDED_AS.get(event.type, StepOutcome.DONE)
            continue
        if event.type == EventType.ACCEPTED:
            # Before the first pass there is nothing to tell apart from.
            found += [_Stretch(QUEUED, event.at)] if found else []
            continue
        if event.data.get("status") == "queued":
            continue
        stage = str(event.data.get("stage", _BEGIN))
        if now is None or now.name != stage:
            if now is not None:
                now.ended = event.at
            now = _Stretch(stage, event.at)
            found.append(now)
        now.waits |= {wait.code: wait for wait in _waits(event)}
    return found


def _waits(event: Event) -> list[Waiting]:
    told = event.data.get("waiting_on")
    return [Waiting.model_validate(one) for one in told] if isinstance(told, list) else []


def _step(work: Work, one: _Stretch, entries: Sequence[Entry], *, is_last: bool) -> TimelineStep:
    is_open = one.ended is None
    is_queued = is_open and work.status is WorkStatus.QUEUED
    outcome = last_outcome(work) if is_open else one.ended_as
    ended = work.completed_at if is_open else one.ended
    return step_of(
        one.name,
        StepOutcome.WAITING if is_queued else outcome,
        began=one.began,
        ended=ended,
        entries=[
            entry
            for entry in entries
            if one.began <= entry.started_at
            and (is_last or ended is None or entry.started_at < ended)
        ],
        waits=work.waiting_on if is_queued else one.waits.values(),
        error=work.error if is_last else None,
    )
