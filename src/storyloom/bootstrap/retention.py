"""Forgetting what is old: beside a server as a command, and within one for as long as it runs."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from storyloom.adapters.dbos._records import open_run_records
from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.adapters.swarmui._notes import FOLDER as NOTES
from storyloom.automation.runs.directing.exposure import FOLDER as SHOTS
from storyloom.automation.runs.export_making import EXPORTS
from storyloom.automation.runs.naming import export_job, passes_of
from storyloom.automation.runs.ports import RunHistory
from storyloom.bootstrap.archive import open_records
from storyloom.bootstrap.database import database_file, shared_database
from storyloom.bootstrap.images import images_of
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.ports import JobArchive
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import JobId
from storyloom.settings import Settings
from storyloom.storyboard.retention import (
    CallRecords,
    DatedRecords,
    EndedJobs,
    Retention,
    RunRecords,
)

#: What runs keep in the image store: pictures, exports, and which works SwarmUI has in hand.
RUN_FOLDERS = (SHOTS, EXPORTS, NOTES)


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What forgets, and what counts beforehand."""

    retention: Retention
    ended: EndedJobs


class RunsOfStories:
    """Names runs as the engine knows them: the feature that forgets knows nothing of runs."""

    def __init__(self, history: RunHistory) -> None:
        """Take where runs are kept."""
        self._history = history

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[Sequence[JobId]]:
        """Remove old runs, and name the jobs of each."""
        gone = await self._history.forget(ended_before=ended_before, limit=limit)
        return [
            [*passes_of(run.job), *(export_job(run.id, n + 1) for n in range(run.exports_begun))]
            for run in gone
        ]

    async def ended(self, *, before: datetime) -> int:
        """How many runs would be removed."""
        return await self._history.ended(before=before)

    async def oldest(self, *, without_ended_before: datetime | None = None) -> datetime | None:
        """When the oldest run was made that is kept, or would be."""
        return await self._history.oldest(without_ended_before=without_ended_before)


async def forget_old(  # noqa: PLR0913 - as above: it forgets of every part
    settings: Settings,
    archive: JobArchive,
    records: RunRecords,
    images: ImageStore,
    *,
    calls: CallRecords,
    runs: RunHistory,
    dated: Sequence[DatedRecords],
) -> None:
    """Forget old jobs for as long as the server runs; return when they are kept for ever."""
    if settings.keep_days is not None:
        clock = SystemClock()
        await Retention(
            *(archive, records, images, calls),
            clock=clock,
            keep_days=settings.keep_days,
            runs=RunsOfStories(runs),
            dated=dated,
            more_folders=RUN_FOLDERS,
        ).run_forever()


@asynccontextmanager
async def open_cleaning(settings: Settings, keep_days: float) -> AsyncGenerator[Cleaning]:
    """Open what is needed to forget old jobs now; a server may be running.

    Raises `Misconfigured` when there are no jobs yet.
    """
    url = shared_database(settings) or f"sqlite:///{database_file(settings.data_dir)}"
    async with open_records(settings) as kept, open_run_records(url) as records:
        retention = Retention(
            *(kept.archive, records, images_of(settings), kept.ledger),
            clock=SystemClock(),
            keep_days=keep_days,
            runs=RunsOfStories(SqlRunStore(kept.database)),
            dated=[SqlEventLog(kept.database), SqlDeliveryStore(kept.database)],
            more_folders=RUN_FOLDERS,
        )
        yield Cleaning(retention, kept.statistics)
