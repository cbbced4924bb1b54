"""The archive in figures, as a Supabase project counts it."""

from collections.abc import Sequence
from datetime import datetime

from postgrest import CountMethod
from pydantic import BaseModel, JsonValue, TypeAdapter

from storyloom.adapters.supabase._rest import Rest
from storyloom.adapters.supabase.job_archive import TABLE
from storyloom.errors import BadAnswer
from storyloom.jobs.schemas import JobCount, JobStatus

VIEW = "storyboard_job_stats"


class _Stats(BaseModel):
    """The documented columns of the view that count."""

    job_type: str
    total_jobs: int
    pending: int
    processing: int
    completed: int
    failed: int


_ANY = TypeAdapter(list[dict[str, JsonValue]])
_COLUMNS, _ROWS = ",".join(_Stats.model_fields), TypeAdapter(list[_Stats])


class SupabaseJobStatistics:
    """Reads the view `storyboard_job_stats`."""

    def __init__(self, rest: Rest) -> None:
        """Take the open REST API; closing it is its owner's part."""
        self._rest = rest

    async def counts(self) -> Sequence[JobCount]:
        """How many jobs there are of each type and status."""
        answer = await self._rest.send(VIEW, lambda t: t.select(_COLUMNS), _ROWS)
        return [count for row in answer.rows for count in _counts(row)]

    async def ended(self, *, before: datetime) -> int:
        """How many jobs ended before this time."""
        answer = await self._rest.send(
            TABLE,
            lambda t: (
                t.select("id", count=CountMethod.exact)
                .not_.in_("status", [JobStatus.PENDING, JobStatus.PROCESSING])
                .lt("completed_at", before.isoformat())
                .limit(1)
            ),
            _ANY,
        )
        if answer.count is None:
            raise BadAnswer("Supabase did not count the jobs.")
        return answer.count

    async def size_bytes(self) -> int | None:
        """None: the REST API does not tell."""
        return None


def _counts(row: _Stats) -> Sequence[JobCount]:
    named = {
        JobStatus.PENDING: row.pending,
        JobStatus.PROCESSING: row.processing,
        JobStatus.COMPLETED: row.completed,
        JobStatus.FAILED: row.failed,
    }
    # The documented columns do not tell them.
    named[JobStatus.CANCELLED] = row.total_jobs - sum(named.values())
    return [JobCount(job_type=row.job_type, status=s, count=n) for s, n in named.items() if n]
