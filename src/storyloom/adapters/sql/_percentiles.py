"""Counting rows by day and how they ended, with means and percentiles, in the words of each database."""

from typing import Any

import sqlalchemy as sa

_P50, _P95 = 0.5, 0.95


def counted(rows: sa.FromClause, *, is_sqlite: bool) -> sa.Executable:
    """One row for each day, status and code."""
    return _in_sqlite(rows) if is_sqlite else _in_postgres(rows)


def _in_postgres(rows: sa.FromClause) -> sa.Executable:
    by_length = rows.c.ms
    return _grouped(
        rows,
        sa.func.percentile_cont(sa.literal(_P50, sa.Double)).within_group(by_length),
        sa.func.percentile_cont(sa.literal(_P95, sa.Double)).within_group(by_length),
    )


def _in_sqlite(rows: sa.FromClause) -> sa.Executable:
    """SQLite has no percentiles: they are reckoned from the place of each row among its like."""
    group = (rows.c.day, rows.c.status, rows.c.code)
    place = sa.func.row_number().over(partition_by=group, order_by=rows.c.ms.nulls_last()) - 1
    known = sa.func.count(rows.c.ms).over(partition_by=group)
    ranked = sa.select(*rows.c, place.label("place"), known.label("known")).subquery("ranked")

    def percentile(part: float) -> sa.ColumnElement[Any]:
        # It lies between two places, and the nearer one counts for more: a row that is one place
        # away, or more, for nothing.
        away = sa.func.abs(ranked.c.place - part * (ranked.c.known - 1))
        return sa.func.sum(ranked.c.ms * sa.func.max(0.0, 1.0 - away))

    return _grouped(ranked, percentile(_P50), percentile(_P95))


def _grouped(
    rows: sa.FromClause, p50: sa.ColumnElement[Any], p95: sa.ColumnElement[Any]
) -> sa.Executable:
    return sa.select(
        rows.c.day,
        rows.c.status,
        rows.c.code,
        sa.func.count().label("count"),
        sa.func.avg(rows.c.ms).label("mean_ms"),
        p50.label("p50_ms"),
        p95.label("p95_ms"),
        sa.func.sum(rows.c.pictures).label("pictures"),
    ).group_by(rows.c.day, rows.c.status, rows.c.code)
