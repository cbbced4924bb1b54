"""The exports of runs in a table of their own, written together with the rows of their runs."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from storyloom.adapters.sql._folding import fold_within
from storyloom.adapters.sql._sought import page_of
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import run_exports as e
from storyloom.automation.runs.exported import Export, RunExport
from storyloom.automation.runs.schemas import Run
from storyloom.jobs.schemas import Sought
from storyloom.kit.ids import JobId

_COLUMNS: Sequence[sa.ColumnElement[Any]] = [e.c.run_id, e.c.org_id, e.c.body]
_ROWS = sa.select(*_COLUMNS)


async def keep_exports(connection: AsyncConnection, run: Run) -> None:
    """Let there be the exports of this run as it is now, and no others of it."""
    await drop_exports(connection, [run.id])
    if run.exports:
        rows = [_row(RunExport(run.id, run.org_id, one)) for one in run.exports]
        await connection.execute(sa.insert(e), rows)
        await fold_within(connection, [row["id"] for row in rows])


async def drop_exports(connection: AsyncConnection, runs: Sequence[JobId]) -> None:
    """Let there be none of these runs."""
    await connection.execute(sa.delete(e).where(e.c.run_id.in_(runs)))


def sought_exports(org_id: str, sought: Sought, *, limit: int) -> sa.Select[Any]:
    """The rows of those that are sought, the newest first."""
    return page_of(_COLUMNS, e, org_id, sought, limit=limit)


def export_of(export_id: JobId) -> sa.Select[Any]:
    """The row of one."""
    return _ROWS.where(e.c.id == export_id)


def exports_open(runs: Collection[JobId]) -> sa.Select[Any]:
    """The rows of those of these runs that have not ended."""
    return _ROWS.where(OPEN, e.c.run_id.in_(runs))


def exports_unfinished(
    *, created_before: datetime, limit: int, created_after: datetime | None
) -> sa.Select[Any]:
    """The rows of those that have not ended, the first asked for first."""
    query = _ROWS.where(OPEN, e.c.created_at < created_before)
    if created_after is not None:
        query = query.where(e.c.created_at > created_after)
    return query.order_by(e.c.created_at, e.c.id).limit(limit)


async def exports_of(connection: AsyncConnection, query: sa.Select[Any]) -> list[RunExport]:
    """What these rows hold."""
    return [
        RunExport(JobId(row.run_id), row.org_id, Export.model_validate_json(row.body))
        for row in await connection.execute(query)
    ]


def _row(told: RunExport) -> dict[str, Any]:
    return {
        "id": told.id,
        "run_id": told.run_id,
        "org_id": told.org_id,
        "status": told.export.status,
        "created_at": told.export.asked_at,
        "completed_at": told.export.ended_at,
        "body": told.export.model_dump_json(by_alias=True),
    }
