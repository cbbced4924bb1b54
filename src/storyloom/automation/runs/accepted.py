"""Accepted runs and exports of runs, as the reconciler sees them."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.automation.runs.drives import Drives
from storyloom.automation.runs.errors import RunNotFound
from storyloom.automation.runs.exporting import PIPELINE as EXPORT
from storyloom.automation.runs.exporting import changing
from storyloom.automation.runs.naming import run_of
from storyloom.automation.runs.ports import ExportIndex, RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.state import PIPELINE
from storyloom.jobs.reconciler import OpenJob
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import Clock
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


class AcceptedExports:
    """Finds them in their index, and ends them in the rows of their runs."""

    def __init__(self, index: ExportIndex, store: RunStore, clock: Clock) -> None:
        """Take both sides of the store: ends are told by the second."""
        self._index = index
        self._store = store
        self._clock = clock

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[OpenJob]:
        """The present jobs of exports that have not ended, the first asked for first."""
        page = await self._index.unfinished_exports(
            created_before=created_before, limit=limit, created_after=created_after
        )
        return [
            OpenJob(one.export.job, EXPORT, one.export.asked_at, one.export.priority)
            for one in page
        ]

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Those of these jobs that are to make nothing any more."""
        page = await self._index.open_exports({run_of(job_id) for job_id in job_ids})
        wanted = {one.export.job for one in page}
        return [job_id for job_id in job_ids if job_id not in wanted]

    async def fail(self, job_id: JobId, *, message: str, code: str) -> bool:
        """Write the end of an export, unless it has ended, or has been asked for anew."""
        end = {
            "status": JobStatus.FAILED,
            "ended_at": self._clock.now(),
            "error_code": code,
            "error_message": message,
        }
        edit, changed = changing(job_id, end), False

        def noted(run: Run) -> Run:
            nonlocal changed
            failed = edit(run)
            changed = failed != run
            return failed

        try:
            await self._store.change(run_of(job_id), noted)
        except RunNotFound:  # forgotten since it was listed, with its exports
            return False
        return changed
