"""The figures of work in an SQL database."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.access.schemas import Scope
from storyloom.adapters.sql import _concurrency, _ended
from storyloom.adapters.sql._database import reading
from storyloom.adapters.sql._percentiles import counted
from storyloom.adapters.sql._spending import scope_of_call, sums
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import model_calls as c
from storyloom.adapters.sql._tables import runs as r
from storyloom.adapters.sql._tables import storyboard_jobs as b
from storyloom.jobs.ports import JobRows
from storyloom.jobs.schemas import BegunJob, EndedJob, JobStatus, NarrowJobs
from storyloom.work.statistics import Accepted, BusyHour, Ended, Figures, Span, SpentBy

# A year of a million jobs takes some seconds.
_COUNT_WITHIN_S = 20.0
_NONE = NarrowJobs((), (), (), waiting=0, running=0)
_COUNT = sa.func.count().label("count")
_ROWS = {b.name: _ended.boards, r.name: _ended.runs}
_RAN = {b.name: _concurrency.of_boards, r.name: _concurrency.of_runs}


class SqlWorkFigures:
    """Counts the rows of storyboards, runs and calls. Storyboards may be kept elsewhere."""

    def __init__(self, engine: AsyncEngine, elsewhere: JobRows | None = None) -> None:
        """Take an open engine, and where storyboards are kept, if that is not here."""
        self._engine = engine
        self._elsewhere = elsewhere
        self._is_sqlite = engine.dialect.name == "sqlite"

    async def tell(
        self, org_id: str, scopes: Collection[Scope], span: Span, now: datetime
    ) -> Figures:
        """What became of an organisation's storyboards and runs."""
        given = _NONE
        tables: list[sa.Table] = []
        if Scope.STORYBOARDS in scopes:
            if self._elsewhere is None:
                tables.append(b)
            else:
                given = await self._elsewhere.between(org_id, span.start, span.end)
        if Scope.STORIES in scopes:
            tables.append(r)
        asked = _Asked(org_id, span, self._is_sqlite)
        async with reading(self._engine, _COUNT_WITHIN_S) as connection:
            accepted, ended, spent, busy, unfinished = [
                await _rows(connection, query)
                for query in (
                    asked.accepted(tables),
                    asked.ended(tables, given.ended),
                    asked.spent(scopes),
                    asked.busy(tables, _begun(given), now),
                    asked.unfinished(tables),
                )
            ]
        open_ = Counter({row["status"]: row["count"] for row in unfinished})
        elsewhere = Counter(at.astimezone(UTC).date() for at in given.made_at)
        return Figures(
            [Accepted.model_validate(row) for row in accepted]
            + [Accepted(day=day, count=count) for day, count in elsewhere.items()],
            [Ended.model_validate(row) for row in ended],
            [SpentBy.model_validate(row) for row in spent],
            [_busy(row) for row in busy],
            waiting=open_[JobStatus.PENDING] + given.waiting,
            running=open_[JobStatus.PROCESSING] + given.running,
            missing=given.missing,
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """The queries of one answer; None where there is nothing to be asked."""

    org_id: str
    span: Span
    is_sqlite: bool

    def accepted(self, tables: Sequence[sa.Table]) -> sa.Executable | None:
        """How many were made on each day."""
        parts = [
            _ended.made(table, self.org_id, self.span, is_sqlite=self.is_sqlite) for table in tables
        ]
        if not parts:
            return None
        made = sa.union_all(*parts).subquery("made")
        return sa.select(made.c.day, _COUNT).group_by(made.c.day)

    def ended(self, tables: Sequence[sa.Table], given: Sequence[EndedJob]) -> sa.Executable | None:
        """How they ended, and how long they took, by day."""
        parts = [
            _ROWS[table.name](self.org_id, self.span, is_sqlite=self.is_sqlite) for table in tables
        ]
        if given:
            parts.append(_ended.told([_row(one) for one in given], is_sqlite=self.is_sqlite))
        if not parts:
            return None
        return counted(sa.union_all(*parts).subquery("ended"), is_sqlite=self.is_sqlite)

    def spent(self, scopes: Collection[Scope]) -> sa.Executable:
        """What calls to each model cost, by day."""
        at = c.c.started_at
        is_seen = scope_of_call().in_(scopes)
        which = [c.c.org_id == self.org_id, at >= self.span.start, at < self.span.end, is_seen]
        day = _ended.day_of(at, is_sqlite=self.is_sqlite).label("day")
        numbers = (c.c.cost_usd, c.c.input_tokens, c.c.output_tokens)
        calls = sa.select(day, c.c.provider, c.c.model, *numbers).where(*which).subquery("calls")
        by = (calls.c.day, calls.c.provider, calls.c.model)
        return sa.select(*by, *sums(calls)).group_by(*by)

    def busy(
        self, tables: Sequence[sa.Table], given: Sequence[BegunJob], now: datetime
    ) -> sa.Executable | None:
        """How many ran at once, by hour."""
        seen = _concurrency.Seen(self.span.start, min(self.span.end, now))
        parts = [
            part
            for table in tables
            for part in _RAN[table.name](self.org_id, seen, is_sqlite=self.is_sqlite)
        ]
        if given:
            parts.append(_concurrency.told(given, seen, is_sqlite=self.is_sqlite))
        return _concurrency.busy_hours(parts, seen)

    def unfinished(self, tables: Sequence[sa.Table]) -> sa.Executable | None:
        """How many there are now, whenever they were made."""
        parts = [
            sa.select(table.c.status).where(OPEN, table.c.org_id == self.org_id) for table in tables
        ]
        if not parts:
            return None
        rows = sa.union_all(*parts).subquery("unfinished")
        return sa.select(rows.c.status, _COUNT).group_by(rows.c.status)


async def _rows(
    connection: AsyncConnection, query: sa.Executable | None
) -> Sequence[dict[str, Any]]:
    if query is None:
        return []
    return [dict(row) for row in (await connection.execute(query)).mappings()]


def _row(one: EndedJob) -> Sequence[object]:
    day = one.completed_at.astimezone(UTC).date()
    return [day.isoformat(), one.status, one.execution_time_ms, one.error_code]


def _begun(given: NarrowJobs) -> Sequence[BegunJob]:
    ended = [
        BegunJob(started_at=one.started_at, completed_at=one.completed_at)
        for one in given.ended
        if one.started_at is not None
    ]
    return [*ended, *given.beyond]


def _busy(row: Mapping[str, Any]) -> BusyHour:
    at = datetime.fromtimestamp(row["at"] / 1000, UTC)
    return BusyHour.model_validate({**row, "at": at})
