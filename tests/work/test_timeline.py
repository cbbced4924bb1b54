"""The time in the queue, first of all steps."""

from datetime import UTC, datetime, timedelta

from storyloom.work.schemas import WorkStatus
from storyloom.work.timeline import StepOutcome, Timeline, step_of
from tests.storyboard.test_steps import work

MADE = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = MADE + timedelta(hours=1)
SECOND = timedelta(seconds=1)


def test_more_that_is_asked_of_a_job_waits_from_then_on() -> None:
    early = step_of("begin", StepOutcome.DONE, began=MADE + SECOND, ended=MADE + 3 * SECOND)
    again = work(WorkStatus.RUNNING, created_at=MADE, started_at=LATER + 2 * SECOND)

    told = Timeline.of(again, [early], (), asked_at=LATER)

    queued, begin = told.steps
    assert told.queue_ms == 2000
    assert (queued.started_at, queued.ended_at, queued.duration_ms) == (MADE, MADE + SECOND, 1000)
    assert begin == early


def test_where_nothing_is_known_of_earlier_passes_the_last_one_is_told() -> None:
    again = work(WorkStatus.RUNNING, created_at=MADE, started_at=LATER + 2 * SECOND)

    told = Timeline.of(again, [], (), asked_at=LATER)

    assert [(step.started_at, step.duration_ms) for step in told.steps] == [(LATER, 2000)]
