"""The steps of a storyboard, put together from what was noted of them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storyloom.jobs.schemas import StepRecord
from storyloom.storyboard.steps import steps_of
from storyloom.storyboard.telling import STAGES
from storyloom.work.schemas import Links, Metrics, Progress, Work, WorkError, WorkKind, WorkStatus
from storyloom.work.timeline import StepOutcome, TimelineStep

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FAULT = WorkError(code="timed_out", message="It took too long.", retryable=True)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def work(status: WorkStatus, **fields: Any) -> Work:
    known: dict[str, Any] = {
        "id": "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a",
        "kind": WorkKind.CODE,
        "status": status,
        "stage": None,
        "progress": Progress(done=0, total=1, fraction=0),
        "priority": "normal",
        "attempt": 1,
        "metrics": Metrics.of(NOON, NOON, None),
        "created_at": NOON,
        "started_at": NOON,
        "completed_at": at(9) if status.is_terminal else None,
        "org_id": "acme",
        "labels": {},
        "links": Links.of("3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a", "/"),
        "input": {},
        **fields,
    }
    return Work.model_validate(known)


def record(number: int, **fields: Any) -> StepRecord:
    """Of a step that took a second."""
    known = {"name": STAGES[number], "began_at": at(number), "ended_at": at(number + 1), **fields}
    return StepRecord.model_validate(known)


def outcomes(steps: list[TimelineStep]) -> list[StepOutcome]:
    return [step.outcome for step in steps]


def test_what_was_not_reached_is_pending_and_in_the_end_skipped() -> None:
    begun = {STAGES[0]: NOON}

    now = steps_of(work(WorkStatus.RUNNING), [], begun, ())
    in_the_end = steps_of(work(WorkStatus.CANCELED), [], begun, ())

    rest = len(STAGES) - 1
    assert outcomes(now) == [StepOutcome.RUNNING, *[StepOutcome.PENDING] * rest]
    assert outcomes(in_the_end) == [StepOutcome.CANCELED, *[StepOutcome.SKIPPED] * rest]
    assert (now[0].ended_at, in_the_end[0].ended_at) == (None, at(9))


def test_a_step_that_failed_says_why() -> None:
    failed = record(1, error_code="unreachable", error_message="Nobody answers.")

    steps = steps_of(work(WorkStatus.FAILED, error=FAULT), [record(0), failed], {}, ())

    assert outcomes(steps)[:3] == [StepOutcome.DONE, StepOutcome.FAILED, StepOutcome.SKIPPED]
    assert steps[1].error == WorkError(
        code="unreachable", stage=STAGES[1], message="Nobody answers.", retryable=True
    )
    assert steps[1].ended_at == at(2)
    assert steps[0].error is None


def test_a_job_that_failed_outside_its_steps_failed_in_the_last_that_was_reached() -> None:
    begun = {STAGES[1]: at(1)}

    steps = steps_of(work(WorkStatus.FAILED, error=FAULT), [record(0)], begun, ())

    assert outcomes(steps)[:3] == [StepOutcome.DONE, StepOutcome.FAILED, StepOutcome.SKIPPED]
    assert steps[1].error == FAULT.model_copy(update={"stage": STAGES[1]})
    assert steps[1].ended_at == at(9)


def test_what_was_stopped_has_not_failed() -> None:
    stopped = record(1, error_code="cancelled", error_message="It was cancelled.")

    steps = steps_of(work(WorkStatus.CANCELED), [record(0), stopped], {}, ())

    assert outcomes(steps)[:3] == [StepOutcome.DONE, StepOutcome.CANCELED, StepOutcome.SKIPPED]
    assert steps[1].error is None


def test_a_step_ends_where_the_next_begins_if_nothing_is_kept_of_it() -> None:
    begun = {STAGES[0]: NOON, STAGES[1]: at(4)}

    steps = steps_of(work(WorkStatus.RUNNING), [], begun, ())

    assert outcomes(steps)[:2] == [StepOutcome.DONE, StepOutcome.RUNNING]
    assert (steps[0].ended_at, steps[0].duration_ms) == (at(4), 4000)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ({"degraded": ["no model"], "warnings": ["cut"]}, ["no model", "cut"]),
        ({"degraded": "no list"}, []),
        ("no object", []),
        (None, []),
    ],
)
def test_a_step_tells_what_it_could_not_do(value: Any, told: list[str]) -> None:
    steps = steps_of(work(WorkStatus.SUCCEEDED), [record(0, value=value)], {}, ())

    assert steps[0].degraded == told


def test_where_records_have_gone_the_job_tells_it_once() -> None:
    ended = work(WorkStatus.SUCCEEDED, degraded=["no model"])
    running = work(WorkStatus.RUNNING, degraded=["no model"])

    told = [step.degraded for step in steps_of(ended, [], {}, ())]

    assert told == [["no model"], *[[] for _ in STAGES[1:]]]
    assert not any(step.degraded for step in steps_of(running, [], {}, ()))
