"""The archive of jobs in a Supabase project."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter

from storyloom.adapters.supabase._rest import Answer, Request, Rest
from storyloom.errors import Conflict, InvalidInput, Unavailable
from storyloom.jobs.schemas import HANDLING, Job, JobBrief, JobStatus, JobSummary, Outcome
from storyloom.kit.ids import JobId
from storyloom.kit.storable import storable

S = TypeVar("S", bound=JobSummary)

TABLE = "storyboard_jobs"
# So many ids fit into an address that every gateway takes.
IDS_AT_ONCE = 100
_TIMES = ("created_at", "started_at", "completed_at")
OPEN = (JobStatus.PENDING, JobStatus.PROCESSING)


class _Id(BaseModel):
    id: JobId


_ID, _IDS = "id", TypeAdapter(list[_Id])
_SUMMARY, _SUMMARIES = ",".join(JobSummary.model_fields), TypeAdapter(list[JobSummary])
# What a summary tells, and how the job is to be handled.
_BRIEF = ",".join([*JobSummary.model_fields, f"{HANDLING}:input_params->{HANDLING}"])
_BRIEFS = TypeAdapter(list[JobBrief])
_JOB, _JOBS = ",".join(Job.model_fields), TypeAdapter(list[Job])


class SupabaseJobArchive:
    """Keeps jobs in the table `storyboard_jobs`: one request a call, where that can be."""

    def __init__(self, rest: Rest) -> None:
        """Take the open REST API; closing it is its owner's part."""
        self._rest = rest

    async def add(self, job: Job) -> None:
        """Keep a new job; raises `Conflict` when its id is taken.

        When the first answer was lost, the row that is found may be the one we wrote.
        """
        row = job.model_dump(mode="json")
        added = await self._ids(lambda t: t.upsert(row, ignore_duplicates=True).select(_ID))
        if added.rows or (added.repeated and await self._is_kept(job)):
            return
        raise Conflict("The job archive already holds this job.")

    async def get(self, job_id: JobId) -> Job | None:
        """The whole job, or None."""
        return await self._job(lambda t: t.select(_JOB).eq("id", job_id))

    async def begin(self, job_id: JobId, at: datetime) -> Job | None:
        """Move a pending job to processing; the first `started_at` stays."""
        change = {"status": JobStatus.PROCESSING, "started_at": at.isoformat()}
        begun = await self._job(
            lambda t: t.update(change).eq("id", job_id).eq("status", JobStatus.PENDING).select(_JOB)
        )
        return await self.get(job_id) if begun is None else begun

    async def finish(self, job_id: JobId, outcome: Outcome) -> bool:
        """Write the end of a job that has not ended yet; the picture is not sent back.

        What the database cannot store as text is left out: the job has ended all the same.
        """
        end = outcome.model_dump(mode="json")
        try:
            ended = await self._finish(job_id, end)
        except InvalidInput:
            ended = await self._finish(job_id, storable(end))
        return bool(ended.rows) or (ended.repeated and await self._is_end(job_id, outcome))

    async def list(
        self, *, limit: int, org_id: str | None = None, status: JobStatus | None = None
    ) -> Sequence[JobSummary]:
        """The newest jobs first, without inputs and results."""

        def request(t: Any) -> Any:
            wanted = t.select(_SUMMARY)
            if org_id is not None:
                wanted = wanted.eq("org_id", org_id)
            if status is not None:
                wanted = wanted.eq("status", status)
            return wanted.order("created_at", desc=True).order("id").limit(limit)

        return await self._summaries(request)

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[JobBrief]:
        """Jobs that have not ended, oldest first."""

        def request(t: Any) -> Any:
            wanted = t.select(_BRIEF).in_("status", OPEN)
            wanted = wanted.lt("created_at", created_before.isoformat())
            if created_after is not None:
                wanted = wanted.gt("created_at", created_after.isoformat())
            return wanted.order("created_at").order("id").limit(limit)

        found = await self._rest.send(TABLE, request, _BRIEFS)
        return [in_utc(row) for row in found.rows]

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[JobId]:
        """Remove the oldest jobs that ended before this time, and name them.

        Two requests for a hundred: newer servers know no limit on what is removed.
        """
        removed: Sequence[JobId] = []
        while len(removed) < limit:
            try:
                some = await self._forget(ended_before, min(IDS_AT_ONCE, limit - len(removed)))
            except Unavailable:
                if not removed:
                    raise
                break  # what is gone has to be named; the rest waits for the next time
            if not some:
                break
            removed = [*removed, *some]
        return removed

    async def ping(self) -> None:
        """Read one row."""
        await self._ids(lambda t: t.select(_ID).limit(1))

    async def _finish(self, job_id: JobId, end: dict[str, Any]) -> Answer[_Id]:
        return await self._ids(
            lambda t: t.update(end).eq("id", job_id).in_("status", OPEN).select(_ID)
        )

    async def _forget(self, ended_before: datetime, limit: int) -> Sequence[JobId]:
        oldest = await self._ids(
            lambda t: (
                t.select(_ID)
                .not_.in_("status", OPEN)
                .lt("completed_at", ended_before.isoformat())
                .order("completed_at")
                .limit(limit)
            )
        )
        if not oldest.rows:
            return []
        job_ids = [row.id for row in oldest.rows]
        gone = await self._ids(
            lambda t: t.delete().in_("id", job_ids).not_.in_("status", OPEN).select(_ID)
        )
        # A first request whose answer was lost has removed all of them.
        return job_ids if gone.repeated else [row.id for row in gone.rows]

    async def _is_kept(self, job: Job) -> bool:
        same = {"id": job.id, "org_id": job.org_id, "created_at": job.created_at.isoformat()}
        return bool((await self._ids(lambda t: t.select(_ID).match(same))).rows)

    async def _is_end(self, job_id: JobId, outcome: Outcome) -> bool:
        same = {
            "id": job_id,
            "status": outcome.status,
            "completed_at": outcome.completed_at.isoformat(),
        }
        return bool((await self._ids(lambda t: t.select(_ID).match(same))).rows)

    async def _ids(self, request: Request) -> Answer[_Id]:
        return await self._rest.send(TABLE, request, _IDS)

    async def _job(self, request: Request) -> Job | None:
        found = await self._rest.send(TABLE, request, _JOBS)
        return in_utc(found.rows[0]) if found.rows else None

    async def _summaries(self, request: Request) -> Sequence[JobSummary]:
        found = await self._rest.send(TABLE, request, _SUMMARIES)
        return [in_utc(row) for row in found.rows]


def in_utc(job: S) -> S:
    """The same, with the times in the zone that every archive gives them in."""
    times: dict[str, datetime | None] = {name: getattr(job, name) for name in _TIMES}
    return job.model_copy(
        update={name: time.astimezone(UTC) for name, time in times.items() if time is not None}
    )
