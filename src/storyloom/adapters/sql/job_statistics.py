"""Figures of the archive in an SQL database."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import reading
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import storyboard_jobs as t
from storyloom.jobs.schemas import JobCount

# Counting a million jobs takes a second or two.
_COUNT_WITHIN_S = 30.0
_SIZE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    "postgresql": "SELECT pg_total_relation_size('storyboard_jobs')",
}


class SqlJobStatistics:
    """Counts the rows of the table `storyboard_jobs`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def counts(self) -> Sequence[JobCount]:
        """How many jobs there are of each type and status."""
        query = (
            sa.select(t.c.job_type, t.c.status, sa.func.count().label("count"))
            .group_by(t.c.job_type, t.c.status)
            .order_by(t.c.job_type, t.c.status)
        )
        async with reading(self._engine, _COUNT_WITHIN_S) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [JobCount.model_validate(dict(row)) for row in rows]

    async def ended(self, *, before: datetime) -> int:
        """How many jobs ended before this time."""
        query = sa.select(sa.func.count()).where(sa.not_(OPEN), t.c.completed_at < before)
        async with reading(self._engine, _COUNT_WITHIN_S) as connection:
            return (await connection.execute(query)).scalar_one()

    async def size_bytes(self) -> int | None:
        """The table with its indexes and large values; in SQLite, the whole file."""
        size = sa.text(_SIZE[self._engine.dialect.name])
        async with reading(self._engine, _COUNT_WITHIN_S) as connection:
            return await connection.scalar(size)
