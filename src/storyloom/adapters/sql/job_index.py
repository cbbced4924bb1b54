"""The archive of jobs in an SQL database, looked up page by page."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import reading
from storyloom.adapters.sql._sought import page_of
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import storyboard_jobs as t
from storyloom.adapters.sql._tables import work as w
from storyloom.jobs.schemas import HANDLING, JobBrief, JobSummary, Sought
from storyloom.kit.ids import JobId

_HANDLING = t.c.input_params[HANDLING]
_SUMMARY = [t.c[name] for name in JobSummary.model_fields]
_LOOK = [w.c[name] for name in ("headline", "audience", "format")]
_BRIEF = [*_SUMMARY, _HANDLING.label(HANDLING), *_LOOK]


class SqlJobIndex:
    """Reads the table `storyboard_jobs`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def page(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[JobBrief]:
        """Jobs of an organisation, the newest first."""
        query = page_of(_BRIEF, t, org_id, sought, limit=limit)
        if sought.kinds:
            query = query.where(t.c.job_type.in_(sorted(sought.kinds)))
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [JobBrief.model_validate(dict(row)) for row in rows]

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Those of these jobs that have ended."""
        query = sa.select(t.c.id).where(t.c.id.in_(job_ids), sa.not_(OPEN))
        async with reading(self._engine) as connection:
            return [JobId(found) for found in (await connection.execute(query)).scalars()]

    async def ended_since(self, at: datetime, *, limit: int) -> Sequence[JobSummary]:
        """Jobs that ended at this time or later, the earliest end first."""
        query = sa.select(*_SUMMARY).where(t.c.completed_at >= at)
        async with reading(self._engine) as connection:
            rows = await connection.execute(query.order_by(t.c.completed_at, t.c.id).limit(limit))
            return [JobSummary.model_validate(dict(row)) for row in rows.mappings()]
