"""The stages of a run as steps, put together from what was told of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storyloom.automation.runs.steps import steps_of
from storyloom.events.schemas import Event, EventType, Subject
from storyloom.outbound.schemas import Account, Call, Entry
from storyloom.work.schemas import Waiting, WorkError, WorkKind, WorkStatus
from storyloom.work.timeline import StepOutcome
from tests.storyboard.test_steps import work

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
RUN = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"
FAULT = WorkError(code="engine_down", message="SwarmUI is away.", retryable=True)
HOT = {"code": "gpu_hot", "detail": "The GPU is at 90 degrees.", "until": None}


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def told(seconds: float, kind: EventType, **data: Any) -> Event:
    subject = Subject(kind=WorkKind.RUN, id=RUN)
    return Event(
        seq=1, id=f"{seconds}", type=kind, at=at(seconds), org_id="acme", subject=subject, data=data
    )


def call(seconds: float) -> Entry:
    return Entry(
        id=f"{seconds}",
        call=Call(
            account=Account(org_id="acme"),
            provider="google",
            model="m",
            purpose="write",
            prompt_version="1",
            input_hash="0" * 64,
            size_bytes=1,
            destination="127.0.0.1",
        ),
        attempt=1,
        started_at=at(seconds),
    )


BEGINNING = [
    told(0, EventType.ACCEPTED, stage="idle"),
    told(0, EventType.PROGRESS, status="queued", stage="idle"),
    told(1, EventType.STARTED, stage="finding_beats"),
    told(2, EventType.PROGRESS, stage="finding_beats"),
    told(3, EventType.PROGRESS, stage="generating_images"),
]


def test_each_stage_is_a_step_with_its_calls() -> None:
    events = [*BEGINNING, told(7, EventType.COMPLETED)]

    first, second = steps_of(work(WorkStatus.SUCCEEDED), events, [call(1), call(3), call(8)])

    assert (first.name, first.outcome) == ("finding_beats", StepOutcome.DONE)
    assert (first.started_at, first.ended_at, first.attempts) == (at(1), at(3), 1)
    assert (second.name, second.outcome) == ("generating_images", StepOutcome.DONE)
    # What is written down late belongs to the last one.
    assert (second.started_at, second.ended_at, len(second.calls)) == (at(3), at(7), 2)


@pytest.mark.parametrize(
    ("status", "end", "outcome"),
    [
        (WorkStatus.FAILED, EventType.FAILED, StepOutcome.FAILED),
        (WorkStatus.CANCELED, EventType.CANCELLED, StepOutcome.CANCELED),
    ],
)
def test_the_last_stage_ends_as_the_run_does(
    status: WorkStatus, end: EventType, outcome: StepOutcome
) -> None:
    error = FAULT if status is WorkStatus.FAILED else None

    steps = steps_of(work(status, error=error), [*BEGINNING, told(7, end)], [])

    assert [step.outcome for step in steps] == [StepOutcome.DONE, outcome]
    assert [step.error for step in steps] == [None, error]


@pytest.mark.parametrize(
    ("status", "outcome", "ended"),
    [
        (WorkStatus.WAITING, StepOutcome.WAITING, None),
        (WorkStatus.RUNNING, StepOutcome.RUNNING, None),
        (WorkStatus.FAILED, StepOutcome.FAILED, at(9)),
    ],
)
def test_a_stage_of_which_no_end_was_told_is_as_the_run_is(
    status: WorkStatus, outcome: StepOutcome, ended: datetime | None
) -> None:
    steps = steps_of(work(status), BEGINNING, [call(4)])

    assert [step.outcome for step in steps] == [StepOutcome.DONE, outcome]
    assert (steps[-1].ended_at, len(steps[-1].calls)) == (ended, 1)


def test_what_a_stage_waits_for_is_told_once() -> None:
    later = HOT | {"detail": "The GPU is at 91 degrees."}
    waits = [
        told(4, EventType.WAITING, stage="generating_images", waiting_on=[HOT]),
        told(5, EventType.WAITING, stage="generating_images", waiting_on=[later]),
        told(6, EventType.WAITING, stage="generating_images", waiting_on="nothing"),
    ]

    steps = steps_of(work(WorkStatus.WAITING), [*BEGINNING, *waits], [])

    assert [step.waits for step in steps] == [[], [Waiting.model_validate(later)]]


def test_a_run_that_is_asked_for_more_goes_through_stages_again() -> None:
    again = [
        told(7, EventType.FAILED),
        told(8, EventType.COMPLETED),
        told(18, EventType.ACCEPTED, status="queued"),
        told(20, EventType.STARTED, stage="generating_images"),
    ]

    steps = steps_of(work(WorkStatus.RUNNING), [*BEGINNING, *again], [])

    assert [(step.name, step.outcome) for step in steps] == [
        ("finding_beats", StepOutcome.DONE),
        ("generating_images", StepOutcome.FAILED),
        ("queued", StepOutcome.DONE),
        ("generating_images", StepOutcome.RUNNING),
    ]
    assert (steps[2].started_at, steps[2].ended_at) == (at(18), at(20))


def test_a_run_that_is_asked_for_more_waits_for_its_turn_again() -> None:
    again = [told(7, EventType.COMPLETED), told(18, EventType.ACCEPTED, status="queued")]
    turn = Waiting(code="queued", detail="It is next.")
    waiting = work(WorkStatus.QUEUED, started_at=None, waiting_on=[turn])

    *_, last = steps_of(waiting, [*BEGINNING, *again], [])

    assert (last.name, last.outcome, last.started_at) == ("queued", StepOutcome.WAITING, at(18))
    assert last.waits == [turn]


def test_a_run_of_which_nothing_was_told_is_one_step() -> None:
    (step,) = steps_of(work(WorkStatus.CANCELED), [], [call(0)])

    assert (step.name, step.outcome) == ("begin", StepOutcome.CANCELED)
    assert (step.started_at, step.ended_at, step.attempts) == (NOON, at(9), 1)
    assert steps_of(work(WorkStatus.QUEUED, started_at=None), [], []) == []
