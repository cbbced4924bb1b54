"""The figures of work, put together for one caller."""

from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

from storyloom.access.schemas import Scope
from storyloom.errors import InvalidInput
from storyloom.jobs.queues import Queues
from storyloom.jobs.schemas import JobStatus, QueueState
from storyloom.kit.clock import Clock
from storyloom.outbound.costs import Cost
from storyloom.work.concurrency import Concurrencies
from storyloom.work.ports import WorkFigures
from storyloom.work.state import Whose
from storyloom.work.statistics import (
    MAX_DAYS,
    USUAL_DAYS,
    Concurrency,
    DayOfWork,
    Durations,
    Ended,
    ErrorCount,
    Now,
    Span,
    SpentBy,
    SpentOn,
    Statistics,
)

#: How many workers live; None where there are none beside this process.
CountWorkers = Callable[[], Awaitable[int | None]]


@dataclass(frozen=True, slots=True)
class Present:
    """What there is at the moment."""

    queues: Queues
    covers: Mapping[str, Scope]  #: what a key has to cover to see each queue
    workers: CountWorkers

    async def seen_with(self, scopes: Collection[Scope]) -> list[QueueState]:
        """The queues that these scopes cover."""
        return [one for one in await self.queues.all() if self.covers.get(one.name) in scopes]


class Counting:
    """Tells the figures of the kinds that a caller sees."""

    def __init__(self, figures: WorkFigures, present: Present, clock: Clock) -> None:
        """Take what counts what is kept, and what there is now."""
        self._figures = figures
        self._present = present
        self._clock = clock

    async def tell(self, whose: Whose, since: date | None, until: date | None) -> Statistics:
        """Of these days, or of the last ones, today included; raises `InvalidInput`."""
        span = self._span(since, until)
        scopes = {scope for scope in self._present.covers.values() if whose.caller.may(scope)}
        now = self._clock.now()
        told = await self._figures.tell(whose.org_id, scopes, span, now)
        concurrent = Concurrencies(told.busy, now)
        accepted = Counter[date]()
        ended, spent = defaultdict[date, list[Ended]](list), defaultdict[date, list[SpentBy]](list)
        for one in told.accepted:
            accepted[one.day] += one.count
        for one in told.ended:
            ended[one.day].append(one)
        for one in told.spent:
            spent[one.day].append(one)
        return Statistics(
            org_id=whose.org_id,
            since=span.since,
            until=span.until,
            days=[
                _day(
                    day,
                    accepted[day],
                    ended[day],
                    spent[day],
                    concurrency=concurrent.of_day(day),
                )
                for day in span.days
            ],
            hours=concurrent.of_hours(span),
            now=Now(
                waiting=told.waiting,
                running=told.running,
                queues=await self._present.seen_with(scopes),
                workers=await self._present.workers(),
            ),
            degraded=list(told.missing),
        )

    def _span(self, since: date | None, until: date | None) -> Span:
        last = until or self._clock.now().astimezone(UTC).date()
        first = since or last - timedelta(days=USUAL_DAYS - 1)
        if first > last:
            raise InvalidInput(
                f"The first day, {first}, is after the last, {last}",
                loc=("query", "since"),
                kind="order",
            )
        if (last - first).days >= MAX_DAYS:
            raise InvalidInput(
                f"Ask for at most {MAX_DAYS} days", loc=("query", "since"), kind="too_many_days"
            )
        return Span(first, last)


def _day(
    day: date,
    accepted: int,
    ended: Sequence[Ended],
    spent: Iterable[SpentBy],
    *,
    concurrency: Concurrency,
) -> DayOfWork:
    completed, failed = _all(ended, JobStatus.COMPLETED), _all(ended, JobStatus.FAILED)
    judged = completed + failed
    errors = [ErrorCount(code=one.code, count=one.count) for one in ended if one.code is not None]
    return DayOfWork(
        day=day,
        accepted=accepted,
        completed=completed,
        failed=failed,
        canceled=_all(ended, JobStatus.CANCELLED),
        success_rate=completed / judged if judged else None,
        duration=_durations(ended),
        concurrency=concurrency,
        errors=sorted(errors, key=lambda one: (-one.count, one.code)),
        spend=sorted(map(_spent_on, spent), key=lambda one: (one.provider, one.model)),
        pictures=sum(one.pictures for one in ended),
    )


def _all(ended: Iterable[Ended], status: JobStatus) -> int:
    return sum(one.count for one in ended if one.status == status)


def _durations(ended: Iterable[Ended]) -> Durations:
    """Those of what was completed, which is one row a day."""
    for one in ended:
        if one.status == JobStatus.COMPLETED:
            return Durations(
                mean_s=_seconds(one.mean_ms),
                p50_s=_seconds(one.p50_ms),
                p95_s=_seconds(one.p95_ms),
            )
    return Durations(mean_s=None, p50_s=None, p95_s=None)


def _seconds(ms: float | None) -> float | None:
    return None if ms is None else round(ms / 1000, 3)


def _spent_on(spent: SpentBy) -> SpentOn:
    return SpentOn(provider=spent.provider, model=spent.model, cost=Cost.of([spent]))
