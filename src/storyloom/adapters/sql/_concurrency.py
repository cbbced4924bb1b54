"""How many storyboards and runs ran at once, hour by hour, in one query.

Each begin adds one and each end takes one away; summed up in the order of time, they tell how many ran
from each moment to the next. What ends as another begins did not run beside it, so what happens in the
same millisecond is summed up first. Hours are moments at which nothing changes, so that no stretch lies
in two of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from storyloom.adapters.sql._ended import begin_in, body_of
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import runs as r
from storyloom.adapters.sql._tables import storyboard_jobs as b
from storyloom.jobs.schemas import BegunJob, JobStatus

HOUR_MS = 3_600_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_EPOCH_IN_JULIAN_DAYS = 2_440_587.5
_MS_A_DAY = 86_400_000
Column = sa.ColumnElement[Any]
Intervals = sa.Select[int, int]


@dataclass(frozen=True, slots=True)
class Seen:
    """The time that is looked at: some days, as far as they have come."""

    start: datetime
    end: datetime

    @property
    def end_ms(self) -> int:
        """Its end, as the queries reckon."""
        return ms_of(self.end)


def ms_of(at: datetime) -> int:
    """The milliseconds since 1970."""
    return (at - _EPOCH) // _MS


def of_boards(org_id: str, seen: Seen, *, is_sqlite: bool) -> Sequence[Intervals]:
    """When storyboards ran. An index holds all of it."""
    began, ended = b.c.started_at, b.c.completed_at
    # Whose clocks differ may have ended before they began.
    ran = [b.c.org_id == org_id, began < seen.end, ended > seen.start, began < ended, sa.not_(OPEN)]
    return [
        _interval(began, ended, is_sqlite=is_sqlite).where(*ran),
        _interval(began, None, is_sqlite=is_sqlite).where(began < seen.end, *_open(b, org_id)),
    ]


def of_runs(org_id: str, seen: Seen, *, is_sqlite: bool) -> Sequence[Intervals]:
    """When runs ran. Their bodies tell when they began."""
    began = begin_in(body_of(is_sqlite=is_sqlite), is_sqlite=is_sqlite)
    began_ms, ended = _ms(began, is_sqlite=is_sqlite), r.c.completed_at
    ran = [r.c.org_id == org_id, ended > seen.start, sa.not_(OPEN)]
    ran += [began_ms < seen.end_ms, began_ms < _ms(ended, is_sqlite=is_sqlite)]
    return [
        _interval(began, ended, is_sqlite=is_sqlite).where(*ran),
        _interval(began, None, is_sqlite=is_sqlite).where(
            began_ms < seen.end_ms, *_open(r, org_id)
        ),
    ]


def told(jobs: Sequence[BegunJob], seen: Seen, *, is_sqlite: bool) -> Intervals:
    """When storyboards ran whose rows lie elsewhere."""
    rows = [
        [ms_of(job.started_at), None if job.completed_at is None else ms_of(job.completed_at)]
        for job in jobs
        if job.started_at < seen.end
        and max(job.started_at, seen.start) < (job.completed_at or seen.end)
    ]
    given = sa.bindparam("intervals", rows, sa.JSON if is_sqlite else postgresql.JSONB)
    if is_sqlite:
        row = sa.func.json_each(given).table_valued("value")
        began, ended = (sa.func.json_extract(row.c.value, f"$[{n}]") for n in range(2))
    else:
        row = sa.func.jsonb_array_elements(given).table_valued(sa.column("value", postgresql.JSONB))
        began, ended = (row.c.value[n].astext for n in range(2))
    return _shaped(began, ended)


def busy_hours(parts: Sequence[Intervals], seen: Seen) -> sa.Executable | None:
    """The hours in which any of these ran; None where there can be none."""
    start, end = ms_of(seen.start), seen.end_ms
    if not parts or end <= start:
        return None
    # Materialized: what is read is read once, and not for begins and ends each.
    ran = sa.union_all(*parts).cte("ran").prefix_with("MATERIALIZED")
    return _summed(_hours(start, end), ran, start, end)


def _summed(hours: sa.CTE, ran: sa.CTE, start: int, end: int) -> sa.Executable:
    begin = sa.case((ran.c.began < start, start), else_=ran.c.began)
    changes = sa.union_all(
        sa.select(hours.c.at.label("at"), sa.literal(0).label("change")),
        sa.select(begin, sa.literal(1)).select_from(ran),
        sa.select(ran.c.ended, sa.literal(-1)).where(ran.c.ended < end),
    ).subquery("changes")
    at = changes.c.at
    change = sa.cast(sa.func.sum(changes.c.change), sa.Integer).label("change")
    moments = sa.select(at, change).group_by(at)
    moments = moments.subquery("moments")
    in_order = moments.c.at
    level = sa.func.sum(moments.c.change).over(order_by=in_order)
    until = sa.func.coalesce(sa.func.lead(in_order).over(order_by=in_order), end)
    levels = sa.select(
        (in_order - in_order % HOUR_MS).label("hour"),
        level.label("level"),
        (until - in_order).label("ms"),
    ).subquery("levels")
    peak = sa.func.max(levels.c.level)
    job_ms = sa.func.sum(levels.c.level * levels.c.ms)
    return (
        sa.select(levels.c.hour.label("at"), peak.label("peak"), job_ms.label("job_ms"))
        .group_by(levels.c.hour)
        .having(peak > 0)
    )


def _hours(start: int, end: int) -> sa.CTE:
    """When each of them begins."""
    first = sa.select(sa.literal(start, sa.BigInteger).label("at")).cte("hours", recursive=True)
    following = first.c.at + HOUR_MS
    return first.union_all(sa.select(following).where(following < end))


def _open(table: sa.Table, org_id: str) -> Sequence[sa.ColumnElement[bool]]:
    has_not_ended = table.c.completed_at.is_(None)
    return [table.c.org_id == org_id, has_not_ended, table.c.status == JobStatus.PROCESSING]


def _interval(began: Column, ended: Column | None, *, is_sqlite: bool) -> Intervals:
    end = sa.null() if ended is None else _ms(ended, is_sqlite=is_sqlite)
    return _shaped(_ms(began, is_sqlite=is_sqlite), end)


def _shaped(began: Column, ended: Column) -> Intervals:
    return sa.select(
        sa.cast(began, sa.BigInteger).label("began"), sa.cast(ended, sa.BigInteger).label("ended")
    )


def _ms(at: Column, *, is_sqlite: bool) -> Column:
    """The milliseconds since 1970 of a time in a row."""
    if is_sqlite:
        days = sa.func.julianday(at, type_=sa.Double) - _EPOCH_IN_JULIAN_DAYS
        return sa.func.round(days * _MS_A_DAY, type_=sa.Double)
    return sa.func.date_part("epoch", at, type_=sa.Double) * 1000
