"""The steps of a storyboard, put together from what was noted of them. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from storyloom.jobs.schemas import StepRecord
from storyloom.outbound.schemas import Entry
from storyloom.storyboard.telling import STAGES
from storyloom.work.faults import told
from storyloom.work.schemas import Work, WorkError, WorkStatus
from storyloom.work.timeline import StepOutcome, TimelineStep, last_outcome, step_of


def steps_of(
    work: Work,
    records: Sequence[StepRecord],
    begun: Mapping[str, datetime],
    entries: Sequence[Entry],
) -> list[TimelineStep]:
    """All steps in their order; those that were not begun too.

    The engine knows when a step began and ended, once it has ended; `begun` is what was told of
    steps as they began.
    """
    kept = {record.name: record for record in records}
    times = [(name, _began(kept.get(name), begun.get(name))) for name in STAGES]
    reached = [name for name, at in times if at is not None]
    last = reached[-1] if reached else ""
    steps: list[TimelineStep] = []
    for (name, began), (_, following) in pairwise([*times, ("", work.completed_at)]):
        record = kept.get(name)
        outcome = _outcome(work, record, is_begun=began is not None, is_last=name == last)
        ended = None
        if began is not None and outcome is not StepOutcome.RUNNING:
            ended = (record and record.ended_at) or following or work.completed_at
        steps.append(
            step_of(
                name,
                outcome,
                began=began,
                ended=ended,
                entries=[entry for entry in entries if entry.call.account.step == name],
                degraded=_degraded(record, name, work),
                error=_error(work, record, outcome, name),
            )
        )
    return steps


def _began(record: StepRecord | None, told_at: datetime | None) -> datetime | None:
    return (record and record.began_at) or told_at


def _outcome(
    work: Work, record: StepRecord | None, *, is_begun: bool, is_last: bool
) -> StepOutcome:
    if not is_begun:
        return StepOutcome.SKIPPED if work.status.is_terminal else StepOutcome.PENDING
    if record is not None and not record.error_code:
        return StepOutcome.DONE
    if record is not None and work.status is not WorkStatus.CANCELED:
        return StepOutcome.FAILED
    return last_outcome(work) if is_last else StepOutcome.DONE


def _error(
    work: Work, record: StepRecord | None, outcome: StepOutcome, name: str
) -> WorkError | None:
    if outcome is not StepOutcome.FAILED:
        return None
    if record is not None:
        return told(record.error_code, record.error_message, stage=name)
    return work.error and work.error.model_copy(update={"stage": name})


def _degraded(record: StepRecord | None, name: str, work: Work) -> Iterable[str]:
    """What the step itself has noted; where its record has gone, the job tells it of the first."""
    if record is None:
        return work.degraded if name == STAGES[0] and work.status.is_terminal else ()
    value = record.value
    if not isinstance(value, dict):
        return ()
    lists = [value.get("degraded"), value.get("warnings")]
    return [str(one) for found in lists if isinstance(found, list) for one in found]
