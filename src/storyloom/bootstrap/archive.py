"""Which archive keeps the jobs, and the archive alone, for reading beside a running server."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import Misconfigured
from storyloom.jobs.ports import JobArchive
from storyloom.settings import Settings


def database_file(data_dir: Path) -> Path:
    """The one file that holds the jobs and the engine's tables."""
    return data_dir / "storyloom.sqlite"


@asynccontextmanager
async def archive_of(settings: Settings) -> AsyncGenerator[JobArchive]:
    """Open the archive that the settings choose; missing tables are made."""
    file = database_file(settings.data_dir)
    async with open_database(f"sqlite+aiosqlite:///{file}") as database:
        yield SqlJobArchive(database)


@asynccontextmanager
async def open_archive(settings: Settings) -> AsyncGenerator[JobArchive]:
    """Open the archive alone, for reading beside a running server; raises `Misconfigured`."""
    if not await anyio.Path(database_file(settings.data_dir)).exists():
        raise Misconfigured(
            f"There are no jobs yet in the data directory {settings.data_dir}.",
            setting="STORYLOOM_DATA_DIR",
        )
    async with archive_of(settings) as archive:
        yield archive
