"""Forgetting what is older than the operator keeps: jobs, their runs and their files, as one job.

It may be stopped at any point and run by several processes at the same time, for every round
begins anew from what is there. Rows go first, then what the engine knows of them and the calls of their
time, then files, so that whatever can still be asked for is whole. A crash may leave the engine's records of one batch
behind: a few hundred bytes each that nobody looks up.

Whoever uses a file writes it, so its age counts from its last use. A file may be shared by jobs;
it goes a day later than the rows of its time, and not while an unfinished job is older than it. A
finished job holds its PNG in its own row, and its SVG and PDF are drawn when they are asked for.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

import anyio
from pydantic import BaseModel, ConfigDict, Field

from storyloom.errors import StoryloomError
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.ports import JobArchive
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId

BATCH = 100
EVERY_S = 3600.0
# Whoever starts has better things to do, and whoever only looks is gone by then.
AFTER_S = 60.0
FOLDERS = ("sources", "art", "pictures")
# A run takes minutes, or hours when a worker dies; a file it made must not go before its end.
MARGIN = timedelta(days=1)
# Whoever polls for the end of a job still does, and the engine may still be at its last words.
LEAST = timedelta(hours=1)
# As good as for ever: the calendar goes back no further than the year 1.
_LONGEST_DAYS = 365_000.0
log = logging.getLogger(__name__)


class RunRecords(Protocol):
    """What an engine keeps of jobs: the one method of `Engine` that is needed here."""

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        """Remove what is kept of these jobs; unknown ones are no error."""
        ...


class EndedJobs(Protocol):
    """What the archive counts: the one method of `JobStatistics` that is needed here."""

    async def ended(self, *, before: datetime) -> int:
        """How many jobs ended before this time."""
        ...


class CallRecords(Protocol):
    """What is kept of calls to models: the one method of `Ledger` that is needed here."""

    async def forget(self, *, before: datetime) -> int:
        """Remove the calls that were made before this time; how many."""
        ...


class DatedRecords(Protocol):
    """What is of no use any more when it is old: events, deliveries of webhooks."""

    async def forget(self, *, before: datetime) -> int:
        """Remove what is of before this time; how many."""
        ...


class StoryRuns(Protocol):
    """What is kept of lights-out runs."""

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[Sequence[JobId]]:
        """Remove the runs that ended first, before this time; name the jobs of each."""
        ...

    async def ended(self, *, before: datetime) -> int:
        """How many runs ended before this time, which `forget` would remove."""
        ...

    async def oldest(self, *, without_ended_before: datetime | None = None) -> datetime | None:
        """When the oldest run was made that is kept, or would be once others are forgotten."""
        ...


class Forgotten(BaseModel):
    """What went, or would go."""

    model_config = ConfigDict(frozen=True)

    ended_before: datetime
    jobs: int = Field(ge=0)
    runs: int = Field(default=0, ge=0, description="Lights-out runs")
    files: int = Field(ge=0)
    size_bytes: int = Field(ge=0)


class Retention:
    """Forgets what is older than it has to be kept."""

    def __init__(  # noqa: PLR0913 - it forgets of every part that keeps
        self,
        archive: JobArchive,
        records: RunRecords,
        images: ImageStore,
        calls: CallRecords,
        *,
        clock: Clock,
        keep_days: float,
        runs: StoryRuns | None = None,
        dated: Sequence[DatedRecords] = (),
        more_folders: Sequence[str] = (),
    ) -> None:
        """Keep jobs and runs so many days after their end, and an hour at least.

        `more_folders` of the image store are swept besides those of storyboards.
        """
        self._archive = archive
        self._records = records
        self._images = images
        self._calls = calls
        self._runs = runs
        self._dated = dated
        self._folders = (*FOLDERS, *more_folders)
        self._clock = clock
        self._keep = max(timedelta(days=min(keep_days, _LONGEST_DAYS)), LEAST)

    async def run_once(self) -> Forgotten:
        """Forget what is too old now; what is interrupted goes on with the next round."""
        before = self._clock.now() - self._keep
        # Asked before anything goes: what is accepted from now on has files that are new.
        files_before = await self._files_before(before)
        jobs = await self._forget_jobs(before)
        runs = await self._forget_runs(before)
        files_before = await self._before_runs(files_before, ended_before=before)
        # What was spent in a day is counted until the day is over.
        await self._calls.forget(before=before - MARGIN)
        for records in self._dated:
            await records.forget(before=before)
        rows = Forgotten(ended_before=before, jobs=jobs, runs=runs, files=0, size_bytes=0)
        return await self._with_files(rows, files_before, dry_run=False)

    async def look(self, ended: EndedJobs) -> Forgotten:
        """Say what `run_once` would forget now."""
        before = self._clock.now() - self._keep
        jobs = await ended.ended(before=before)
        runs = 0 if self._runs is None else await self._runs.ended(before=before)
        files_before = await self._files_before(before)
        files_before = await self._before_runs(files_before, ended_before=before)
        rows = Forgotten(ended_before=before, jobs=jobs, runs=runs, files=0, size_bytes=0)
        return await self._with_files(rows, files_before, dry_run=True)

    async def run_forever(self, every_s: float = EVERY_S, *, after_s: float = AFTER_S) -> None:
        """Forget again and again; a fault is logged and the next round tries again."""
        await anyio.sleep(after_s)
        while True:
            try:
                _note(await self.run_once())
            except StoryloomError as fault:
                log.warning("old jobs have to wait for the next round: %s", fault)
            await anyio.sleep(every_s)

    async def _files_before(self, ended_before: datetime) -> datetime:
        """The age of files that no job needs: one that waits may have waited for long."""
        oldest = await self._archive.unfinished(created_before=self._clock.now(), limit=1)
        return min([ended_before, *(job.created_at for job in oldest)]) - MARGIN

    async def _forget_jobs(self, before: datetime) -> int:
        count = 0
        while gone := await self._archive.forget(ended_before=before, limit=BATCH):
            await self._records.forget(gone)
            count += len(gone)
        return count

    async def _before_runs(self, files_before: datetime, *, ended_before: datetime) -> datetime:
        """The pictures of a run are there for as long as the run, which may have taken days."""
        if self._runs is None:
            return files_before
        oldest = await self._runs.oldest(without_ended_before=ended_before)
        return files_before if oldest is None else min(files_before, oldest - MARGIN)

    async def _forget_runs(self, before: datetime) -> int:
        count = 0
        if self._runs is not None:
            while gone := await self._runs.forget(ended_before=before, limit=BATCH):
                await self._records.forget([job for jobs in gone for job in jobs])
                count += len(gone)
        return count

    async def _with_files(
        self, rows: Forgotten, files_before: datetime, *, dry_run: bool
    ) -> Forgotten:
        swept = [
            await self._images.forget(folder, older_than=files_before, dry_run=dry_run)
            for folder in self._folders
        ]
        files, size_bytes = sum(s.files for s in swept), sum(s.size_bytes for s in swept)
        return rows.model_copy(update={"files": files, "size_bytes": size_bytes})


def _note(gone: Forgotten) -> None:
    if gone.jobs or gone.runs or gone.files:
        told = (gone.jobs, gone.runs, gone.files)
        log.info("forgot %d old jobs, %d runs and %d files", *told)
