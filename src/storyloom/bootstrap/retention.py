"""Forgetting what is old: beside a server as a command, and within one for as long as it runs."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from storyloom.adapters.dbos._records import open_run_records
from storyloom.bootstrap.archive import open_records
from storyloom.bootstrap.database import database_file, shared_database
from storyloom.bootstrap.images import images_of
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.ports import JobArchive
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from storyloom.storyboard.retention import CallRecords, EndedJobs, Retention, RunRecords


@dataclass(frozen=True, slots=True)
class Cleaning:
    """What forgets, and what counts beforehand."""

    retention: Retention
    ended: EndedJobs


async def forget_old(
    settings: Settings,
    archive: JobArchive,
    records: RunRecords,
    images: ImageStore,
    *,
    calls: CallRecords,
) -> None:
    """Forget old jobs for as long as the server runs; return when they are kept for ever."""
    if settings.keep_days is not None:
        clock = SystemClock()
        await Retention(
            archive, records, images, calls, clock=clock, keep_days=settings.keep_days
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
        )
        yield Cleaning(retention, kept.statistics)
