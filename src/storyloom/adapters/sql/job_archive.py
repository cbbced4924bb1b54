"""The archive of jobs in an SQL database."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import reading, writing
from storyloom.adapters.sql._folding import fold_within
from storyloom.adapters.sql._tables import OPEN
from storyloom.adapters.sql._tables import storyboard_jobs as t
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import HANDLING, Job, JobBrief, JobStatus, JobSummary, Outcome
from storyloom.kit.ids import JobId
from storyloom.kit.storable import storable

_SUMMARY = [t.c[name] for name in JobSummary.model_fields]
# What a summary tells, and how the job is to be handled.
_BRIEF = [*_SUMMARY, t.c.input_params[HANDLING].label(HANDLING)]
_ENDED = sa.not_(OPEN)
PING_WITHIN_S = 2.5
# An end may hold a picture of a megabyte, and its way may be long.
FINISH_WITHIN_S = 15.0
FORGET_WITHIN_S = 30.0


# Made once: what does not change from job to job need not be put together again.
_INSERT = sa.insert(t)


class SqlJobArchive:
    """Keeps jobs in the table `storyboard_jobs`. One change, one transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def add(self, job: Job) -> None:
        """Keep a new job; raises `Conflict` when its id is taken."""
        async with writing(self._engine) as connection:
            await connection.execute(_INSERT, job.model_dump())
            if not (_is_plain(job.input_params) and _is_plain(job.understanding)):
                await fold_within(connection, [job.id])

    async def get(self, job_id: JobId) -> Job | None:
        """The whole job, or None."""
        async with reading(self._engine) as connection:
            found = await connection.execute(sa.select(t).where(t.c.id == job_id))
        row = found.mappings().first()
        return None if row is None else Job.model_validate(dict(row))

    async def begin(self, job_id: JobId, at: datetime) -> Job | None:
        """Move a pending job to processing; the first `started_at` stays."""
        change = (
            sa.update(t)
            .where(t.c.id == job_id, t.c.status == JobStatus.PENDING)
            .values(status=JobStatus.PROCESSING, started_at=at)
            .returning(*t.c)
        )
        async with writing(self._engine) as connection:
            row = (await connection.execute(change)).mappings().first()
        return await self.get(job_id) if row is None else Job.model_validate(dict(row))

    async def finish(self, job_id: JobId, outcome: Outcome) -> bool:
        """Write the end of a job that has not ended yet.

        What the database cannot store as text is left out: the job has ended all the same.
        """
        try:
            return await self._finish(job_id, outcome.model_dump())
        except InvalidInput:
            return await self._finish(job_id, storable(outcome.model_dump()))

    async def list(
        self, *, limit: int, org_id: str | None = None, status: JobStatus | None = None
    ) -> Sequence[JobSummary]:
        """The newest jobs first, without inputs and results."""
        query = sa.select(*_SUMMARY).order_by(t.c.created_at.desc(), t.c.id).limit(limit)
        if org_id is not None:
            query = query.where(t.c.org_id == org_id)
        if status is not None:
            query = query.where(t.c.status == status)
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [JobSummary.model_validate(dict(row)) for row in rows]

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[JobBrief]:
        """Jobs that have not ended, oldest first."""
        query = sa.select(*_BRIEF).where(OPEN, t.c.created_at < created_before)
        if created_after is not None:
            query = query.where(t.c.created_at > created_after)
        async with reading(self._engine) as connection:
            oldest = query.order_by(t.c.created_at, t.c.id).limit(limit)
            rows = (await connection.execute(oldest)).mappings().all()
        return [JobBrief.model_validate(dict(row)) for row in rows]

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[JobId]:
        """Remove the oldest jobs that ended before this time, and name them."""
        oldest = (
            sa.select(t.c.id)
            .where(_ENDED, t.c.completed_at < ended_before)
            .order_by(t.c.completed_at)
            .limit(limit)
        )
        async with writing(self._engine, FORGET_WITHIN_S) as connection:
            removed = await connection.execute(
                sa.delete(t).where(t.c.id.in_(oldest)).returning(t.c.id)
            )
            return [JobId(job_id) for job_id in removed.scalars()]

    async def ping(self) -> None:
        """Read one row."""
        async with reading(self._engine, PING_WITHIN_S) as connection:
            await connection.execute(sa.select(t.c.id).limit(1))

    async def _finish(self, job_id: JobId, values: dict[str, Any]) -> bool:
        change = sa.update(t).where(t.c.id == job_id, OPEN).values(values)
        async with writing(self._engine, FINISH_WITHIN_S) as connection:
            has_changed = (await connection.execute(change)).rowcount == 1
            if has_changed and values["understanding"] is not None:  # its headline is searched too
                await fold_within(connection, [job_id])
        return has_changed


def _is_plain(fields: Mapping[str, Any] | None) -> bool:
    """Whether nothing here that is searched can need to be folded by us."""
    found = (fields or {}).get
    said = (found("file_name"), found("custom_headline"), found("headline"), found(HANDLING))
    return all(one is None or str(one).isascii() for one in said)
