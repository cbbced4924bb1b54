"""Storyboards and runs that ended, as rows that are counted alike, in the words of each database."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from storyloom.adapters.sql._tables import OPEN, UtcTimestamp
from storyloom.adapters.sql._tables import runs as r
from storyloom.adapters.sql._tables import storyboard_jobs as b
from storyloom.errors import StoryloomError
from storyloom.jobs.schemas import JobStatus
from storyloom.work.statistics import Span

_MS_A_DAY = 86_400_000
_UNKNOWN = StoryloomError.code
Column = sa.ColumnElement[Any]


def day_of(at: Column, *, is_sqlite: bool) -> sa.ColumnElement[str]:
    """The day in UTC of a time, as text."""
    if is_sqlite:
        return sa.func.substr(at, 1, 10, type_=sa.Text)
    return sa.func.to_char(sa.func.timezone("UTC", at), "YYYY-MM-DD", type_=sa.Text)


def made(table: sa.Table, org_id: str, span: Span, *, is_sqlite: bool) -> sa.Select[Any]:
    """The day of each row of an organisation that was made then."""
    at = table.c.created_at
    return sa.select(day_of(at, is_sqlite=is_sqlite).label("day")).where(
        table.c.org_id == org_id, at >= span.start, at < span.end
    )


def boards(org_id: str, span: Span, *, is_sqlite: bool) -> sa.Select[Any]:
    """Storyboards that ended then. An index holds all of it."""
    return _rows(
        day_of(b.c.completed_at, is_sqlite=is_sqlite),
        b.c.status,
        b.c.execution_time_ms,
        b.c.error_code,
        pictures=_one_if_completed(b.c.status),
    ).where(*_ended_of(b, org_id, span))


def runs(org_id: str, span: Span, *, is_sqlite: bool) -> sa.Select[Any]:
    """Runs that ended then. Their bodies tell when they began, what failed, and what was made."""
    kept = sa.select(r.c.status, r.c.completed_at, body_of(is_sqlite=is_sqlite).label("body"))
    # Materialized: each body is to be read once, and not for each thing in it.
    ended = kept.where(*_ended_of(r, org_id, span)).cte("ended_runs").prefix_with("MATERIALIZED")
    body, at = ended.c.body, ended.c.completed_at
    began = begin_in(body, is_sqlite=is_sqlite)
    if is_sqlite:
        took = (sa.func.julianday(at) - sa.func.julianday(began)) * _MS_A_DAY
        code = sa.func.json_extract(body, "$.errorCode")
        counts = [sa.func.json_extract(body, f"$.report.{name}") for name in _PICTURES]
    else:
        took = sa.func.extract("epoch", at - began) * 1000
        code = body["errorCode"].astext
        counts = [sa.cast(body["report", name].astext, sa.BigInteger) for name in _PICTURES]
    pictures = sum((sa.func.coalesce(count, 0) for count in counts), sa.literal(0))
    return _rows(
        day_of(at, is_sqlite=is_sqlite), ended.c.status, took, code, pictures=pictures
    ).select_from(ended)


def told(rows: Sequence[Sequence[object]], *, is_sqlite: bool) -> sa.Select[Any]:
    """Storyboards whose rows lie elsewhere: day, status, milliseconds and code of each."""
    given = sa.bindparam("rows", rows, postgresql.JSONB if not is_sqlite else sa.JSON)
    if is_sqlite:
        row = sa.func.json_each(given).table_valued("value")
        day, status, ms, code = (sa.func.json_extract(row.c.value, f"$[{n}]") for n in range(4))
    else:
        row = sa.func.jsonb_array_elements(given).table_valued(sa.column("value", postgresql.JSONB))
        day, status, ms, code = (row.c.value[n].astext for n in range(4))
    return _rows(day, status, ms, code, pictures=_one_if_completed(status))


_PICTURES = ("done", "degraded")


def body_of(*, is_sqlite: bool) -> Column:
    """The body of a run, as JSON. What cannot be read is nothing."""
    if is_sqlite:
        return sa.case((sa.func.json_valid(r.c.body) == 1, r.c.body), else_="{}")
    return sa.func.storyloom_json(r.c.body, type_=postgresql.JSONB)


def begin_in(body: Column, *, is_sqlite: bool) -> Column:
    """When a run with this body began, as the database knows times."""
    if is_sqlite:
        return sa.func.json_extract(body, "$.startedAt")
    return sa.cast(body["startedAt"].astext, UtcTimestamp)


def _ended_of(table: sa.Table, org_id: str, span: Span) -> Sequence[sa.ColumnElement[bool]]:
    at = table.c.completed_at
    return [table.c.org_id == org_id, at >= span.start, at < span.end, sa.not_(OPEN)]


def _one_if_completed(status: Column) -> Column:
    return sa.case((status == JobStatus.COMPLETED, 1), else_=0)


def _rows(day: Column, status: Column, ms: Column, code: Column, *, pictures: Column) -> Any:
    """One shape for all, so that they can stand below each other."""
    failed = sa.case((status == JobStatus.FAILED, sa.func.coalesce(code, _UNKNOWN)))
    return sa.select(
        sa.cast(day, sa.Text).label("day"),
        sa.cast(status, sa.Text).label("status"),
        sa.cast(ms, sa.Double).label("ms"),
        sa.cast(failed, sa.Text).label("code"),
        sa.cast(pictures, sa.BigInteger).label("pictures"),
    )
