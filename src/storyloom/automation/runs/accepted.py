"""Accepted runs, as the reconciler sees them."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.automation.runs.drives import Drives
from storyloom.automation.runs.ports import RunStore
from storyloom.automation.runs.state import PIPELINE
from storyloom.jobs.reconciler import OpenJob
from storyloom.kit.ids import JobId


class AcceptedRuns:
    """Finds them in their store, and ends them by the director, who writes the report."""

    def __init__(self, store: RunStore, director: Drives) -> None:
        """Take both."""
        self._store = store
        self._director = director

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[OpenJob]:
        """The present jobs of runs that have not ended, the oldest run first."""
        page = await self._store.unfinished(
            created_before=created_before, limit=limit, created_after=created_after
        )
        return [OpenJob(run.job, PIPELINE, run.created_at, run.handling.priority) for run in page]

    async def fail(self, job_id: JobId, *, message: str, code: str) -> bool:
        """Write the end of a run, unless it has ended or been reopened since it was listed."""
        return await self._director.fail(job_id, message=message, code=code)
