"""The figures of work, put together for one caller."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from storyloom.access.schemas import Scope
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import JobStatus
from storyloom.outbound.costs import Cost
from storyloom.work.counting import Counting, Present
from storyloom.work.statistics import (
    Accepted,
    BusyHour,
    Concurrency,
    Durations,
    Ended,
    ErrorCount,
    Figures,
    Span,
    SpentBy,
    Statistics,
)
from tests.work.conftest import ACME, Desk, with_scope

TODAY = date(2026, 3, 4)
COVERS = {
    "storyboards": Scope.STORYBOARDS,
    "stories": Scope.STORIES,
    "exports": Scope.STORIES,
}
NOTHING = Figures([], [], [], [], waiting=0, running=0)


class Told:
    """Tells what it is given, and notes what it was asked."""

    def __init__(self, figures: Figures = NOTHING) -> None:
        self.figures = figures
        self.asked: list[tuple[str, Collection[Scope], Span]] = []

    async def tell(
        self, org_id: str, scopes: Collection[Scope], span: Span, now: datetime
    ) -> Figures:
        assert now.tzinfo is UTC
        self.asked.append((org_id, scopes, span))
        return self.figures


async def four() -> int:
    return 4


def counting(desk: Desk, told: Told) -> Counting:
    desk.clock.advance((datetime(2026, 3, 4, 12, tzinfo=UTC) - desk.clock.now()).total_seconds())
    return Counting(told, Present(desk.works.queues, COVERS, four), desk.clock)


def ended(status: JobStatus, count: int, code: str | None = None, pictures: int = 0) -> Ended:
    return Ended(
        day=TODAY,
        status=status,
        code=code,
        count=count,
        mean_ms=1500.25,
        p50_ms=1000,
        p95_ms=None,
        pictures=pictures,
    )


async def _today(desk: Desk, figures: Figures) -> Statistics:
    return await counting(desk, Told(figures)).tell(ACME, TODAY, TODAY)


async def test_a_day_is_put_together(desk: Desk) -> None:
    figures = Figures(
        [Accepted(day=TODAY, count=3), Accepted(day=TODAY, count=2)],
        [
            ended(JobStatus.FAILED, 1, "timed_out"),
            ended(JobStatus.FAILED, 2, "unreachable"),
            ended(JobStatus.FAILED, 1, "internal"),
            ended(JobStatus.COMPLETED, 12, pictures=12),
            ended(JobStatus.CANCELLED, 1, pictures=5),
        ],
        [],
        [],
        waiting=7,
        running=8,
        missing=["Some are missing."],
    )

    told = await _today(desk, figures)

    (day,) = told.days
    assert (day.accepted, day.completed, day.failed, day.canceled) == (5, 12, 4, 1)
    assert day.success_rate == 0.75
    assert day.duration == Durations(mean_s=1.5, p50_s=1.0, p95_s=None)
    assert day.pictures == 17
    assert day.errors == [
        ErrorCount(code="unreachable", count=2),
        ErrorCount(code="internal", count=1),
        ErrorCount(code="timed_out", count=1),
    ]
    assert (told.now.waiting, told.now.running, told.now.workers) == (7, 8, 4)
    assert told.degraded == ["Some are missing."]


async def test_a_day_without_work_has_no_rate_and_no_durations(desk: Desk) -> None:
    (day,) = (await _today(desk, NOTHING)).days

    assert day.success_rate is None
    assert day.duration == Durations(mean_s=None, p50_s=None, p95_s=None)


async def test_spending_is_told_as_costs_are(desk: Desk) -> None:
    def spent(model: str, usd: str, unknown: int) -> SpentBy:
        return SpentBy(
            day=TODAY,
            provider="google",
            model=model,
            cost_usd=Decimal(usd),
            calls=2,
            unknown_calls=unknown,
            input_tokens=3,
            output_tokens=4,
        )

    rows = [spent("small", "0.5", 0), spent("large", "2", 1)]
    (day,) = (await _today(desk, Figures([], [], rows, [], waiting=0, running=0))).days

    large, small = day.spend
    assert (large.model, large.cost.usd, large.cost.known_usd) == ("large", None, Decimal(2))
    assert small.cost == Cost(
        usd=Decimal("0.5"),
        known_usd=Decimal("0.5"),
        calls=2,
        unknown_calls=0,
        input_tokens=3,
        output_tokens=4,
    )


async def test_without_days_it_is_the_last_thirty(desk: Desk) -> None:
    told = Told()

    answer = await counting(desk, told).tell(ACME, None, None)

    assert (answer.since, answer.until) == (TODAY - timedelta(days=29), TODAY)
    assert [day.day for day in answer.days] == [TODAY - timedelta(days=ago) for ago in range(30)]
    ((org_id, _, span),) = told.asked
    assert org_id == "acme"
    assert (span.start, span.end) == (
        datetime(2026, 2, 3, tzinfo=UTC),
        datetime(2026, 3, 5, tzinfo=UTC),
    )


async def test_one_end_is_enough(desk: Desk) -> None:
    told = counting(desk, Told())
    new_year = date(2026, 1, 1)

    since, until = await told.tell(ACME, new_year, None), await told.tell(ACME, None, new_year)

    assert (since.since, since.until) == (new_year, TODAY)
    assert (until.since, until.until) == (date(2025, 12, 3), new_year)


@pytest.mark.parametrize(
    ("since", "until", "kind"),
    [
        (TODAY, TODAY - timedelta(days=1), "order"),
        (TODAY + timedelta(days=1), None, "order"),
        (TODAY - timedelta(days=366), TODAY, "too_many_days"),
    ],
)
async def test_days_that_make_no_span_are_refused(
    desk: Desk, since: date, until: date | None, kind: str
) -> None:
    told = Told()

    with pytest.raises(InvalidInput) as caught:
        await counting(desk, told).tell(ACME, since, until)

    assert (caught.value.loc, caught.value.kind) == (("query", "since"), kind)
    assert told.asked == []


async def test_a_leap_year_is_not_too_long(desk: Desk) -> None:
    answer = await counting(desk, Told()).tell(ACME, TODAY - timedelta(days=365), TODAY)

    assert len(answer.days) == 366


@pytest.mark.parametrize(
    ("scope", "queues"),
    [(Scope.STORYBOARDS, ["storyboards"]), (Scope.STORIES, ["exports", "stories"])],
)
async def test_a_key_sees_what_it_covers(desk: Desk, scope: Scope, queues: list[str]) -> None:
    told = Told()

    answer = await counting(desk, told).tell(with_scope(scope), None, None)

    assert [queue.name for queue in answer.now.queues] == queues
    assert [scopes for _, scopes, _ in told.asked] == [{scope}]


def busy(day: date, hour: int, peak: int, minutes: int) -> BusyHour:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return BusyHour(at=at, peak=peak, job_ms=minutes * 60_000)


async def test_what_ran_at_once_is_told_by_days_and_hours(desk: Desk) -> None:
    yesterday = TODAY - timedelta(days=1)
    hours = [busy(yesterday, 0, 3, 60), busy(yesterday, 23, 2, 84), busy(TODAY, 12, 4, 30)]
    told = counting(desk, Told(Figures([], [], [], hours, waiting=0, running=0)))
    desk.clock.advance(15 * 60)

    answer = await told.tell(ACME, TODAY - timedelta(days=2), TODAY + timedelta(days=1))

    tomorrow, today, one, two = [day.concurrency for day in answer.days]
    assert one == Concurrency(peak=3, mean=0.1)
    assert today == Concurrency(peak=4, mean=round(30 / (12 * 60 + 15), 3))
    assert tomorrow == two == Concurrency(peak=0, mean=0)
    # The hours that have begun: of three days, twelve today and the one that goes on.
    assert len(answer.hours) == 2 * 24 + 13
    assert answer.hours[0].at == datetime(2026, 3, 4, 12, tzinfo=UTC)
    assert answer.hours[0].concurrency == Concurrency(peak=4, mean=2)
    assert answer.hours[13].concurrency == Concurrency(peak=2, mean=1.4)
    assert answer.hours[-1].concurrency == Concurrency(peak=0, mean=0)


async def test_of_many_days_there_are_no_hours(desk: Desk) -> None:
    told = counting(desk, Told())

    week = await told.tell(ACME, TODAY - timedelta(days=6), TODAY)
    more = await told.tell(ACME, TODAY - timedelta(days=7), TODAY)

    assert (len(week.hours), more.hours) == (6 * 24 + 13, [])
