"""Accepted storyboards, as the reconciler sees them."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.jobs.ports import JobArchive
from storyloom.jobs.reconciler import OpenJob
from storyloom.kit.ids import JobId
from storyloom.storyboard.state import StoryboardJobManager


class AcceptedStoryboards:
    """Finds them in the archive, and ends them by the manager, which tells who polls."""

    def __init__(self, archive: JobArchive, jobs: StoryboardJobManager) -> None:
        """Take both."""
        self._archive = archive
        self._jobs = jobs

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[OpenJob]:
        """Jobs that have not ended, the oldest first."""
        page = await self._archive.unfinished(
            created_before=created_before, limit=limit, created_after=created_after
        )
        return [
            OpenJob(job.id, job.job_type, job.created_at, job.handling.priority) for job in page
        ]

    async def fail(self, job_id: JobId, *, message: str, code: str) -> bool:
        """Write the end of a job, unless it has ended properly since it was listed."""
        if (await self._jobs.job(job_id)).status.is_terminal:
            return False
        return await self._jobs.fail(job_id, message=message, code=code)
