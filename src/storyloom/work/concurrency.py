"""How many jobs ran at once, hour by hour and day by day."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta

from storyloom.work.statistics import (
    DAYS_BY_HOURS,
    BusyHour,
    Concurrency,
    HourOfWork,
    Span,
)

_MS = timedelta(milliseconds=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


class Concurrencies:
    """Puts the hours in which something ran together. What is still to come tells nothing."""

    def __init__(self, busy: Collection[BusyHour], now: datetime) -> None:
        """Take those hours, and how far time has come."""
        self._by_hour = {one.at: one for one in busy}
        self._by_day = defaultdict[date, list[BusyHour]](list)
        for one in busy:
            self._by_day[one.at.date()].append(one)
        self._now = now

    def of_day(self, day: date) -> Concurrency:
        """Those of one day."""
        return self._over(self._by_day[day], datetime.combine(day, time(), UTC), _DAY)

    def of_hours(self, span: Span) -> list[HourOfWork]:
        """Each hour that has begun, the newest first; none of many days."""
        if len(span.days) > DAYS_BY_HOURS:
            return []
        hours = [span.start + n * _HOUR for n in range(24 * len(span.days))]
        return [self._hour(at) for at in reversed(hours) if at <= self._now]

    def _hour(self, at: datetime) -> HourOfWork:
        busy = self._by_hour.get(at)
        return HourOfWork(at=at, concurrency=self._over([busy] if busy else [], at, _HOUR))

    def _over(self, busy: Collection[BusyHour], start: datetime, length: timedelta) -> Concurrency:
        lasted_ms = (min(start + length, self._now) - start) / _MS
        ran_ms = sum(one.job_ms for one in busy)
        return Concurrency(
            peak=max((one.peak for one in busy), default=0),
            mean=round(ran_ms / lasted_ms, 3) if ran_ms else 0,
        )
