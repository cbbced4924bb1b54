"""Naming jobs that make no progress, so that nobody has to find them."""

import logging
from collections.abc import Sequence
from datetime import timedelta

import anyio

from storyloom.errors import StoryloomError
from storyloom.jobs.meter import Meter
from storyloom.jobs.ports import JobArchive
from storyloom.jobs.schemas import JobStatus, JobSummary
from storyloom.kit.clock import Clock

LOOK_EVERY_S = 30.0
# Nobody took the job up: there is no worker for it, or there are too few.
WAITS_TOO_LONG_S = 600.0
BATCH = 200
log = logging.getLogger(__name__)


class Watchdog:
    """Looks for jobs that run longer than they may, and for jobs that nobody takes up.

    It only names them: a run that is overdue may be waiting out an outage, and ends by its own
    deadline.
    """

    def __init__(
        self, archive: JobArchive, *, clock: Clock, job_timeout_s: float, meter: Meter
    ) -> None:
        """Take how long a run may last; twice that, since a run may be taken up by another worker."""
        self._archive = archive
        self._clock = clock
        self._overdue = timedelta(seconds=2 * job_timeout_s)
        self._waiting = timedelta(seconds=WAITS_TOO_LONG_S)
        self._meter = meter
        self._named: set[str] = set()

    async def run_once(self) -> Sequence[JobSummary]:
        """Look, name those that are new, and give all."""
        now = self._clock.now()
        oldest = now - min(self._overdue, self._waiting)
        stuck = [
            job
            for job in await self._archive.unfinished(created_before=oldest, limit=BATCH)
            if now - (job.started_at or job.created_at) > self._patience(job)
        ]
        for job in stuck:
            if job.id not in self._named:
                log.warning(_sentence(job), extra={"job_id": job.id, "status": job.status.value})
        self._named = {job.id for job in stuck}
        self._meter.stuck = len(stuck)
        return stuck

    async def run_forever(self, every_s: float = LOOK_EVERY_S) -> None:
        """Look again and again; the archive may be away for a while."""
        while True:
            try:
                await self.run_once()
            except StoryloomError as fault:
                log.info("watchdog could not look", extra={"reason": fault.message})
            await anyio.sleep(every_s)

    def _patience(self, job: JobSummary) -> timedelta:
        return self._waiting if job.status is JobStatus.PENDING else self._overdue


def _sentence(job: JobSummary) -> str:
    if job.status is JobStatus.PENDING:
        return "a job waits and no worker takes it up"
    return "a job runs and makes no progress"
