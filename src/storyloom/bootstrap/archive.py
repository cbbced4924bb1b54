"""Which archive keeps the jobs, and the archive alone, for reading beside a running server."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.job_index import SqlJobIndex
from storyloom.adapters.sql.job_statistics import SqlJobStatistics
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.adapters.sql.organization_register import SqlOrganizationRegister
from storyloom.adapters.sql.work_figures import SqlWorkFigures
from storyloom.adapters.supabase._opening import open_supabase
from storyloom.bootstrap.database import database_file, shared_database
from storyloom.errors import Misconfigured
from storyloom.jobs.ports import JobArchive, JobIndex, JobStatistics
from storyloom.outbound.ports import Ledger
from storyloom.settings import Settings
from storyloom.work.ports import OrganizationRegister, WorkFigures


@dataclass(frozen=True, slots=True)
class Records:
    """The archive, what looks jobs up in it, the figures of what it holds, the ledger of calls, what is counted by days, whose all of it is, and the database."""

    archive: JobArchive
    index: JobIndex
    statistics: JobStatistics
    ledger: Ledger
    figures: WorkFigures
    organizations: OrganizationRegister
    database: AsyncEngine  #: for whatever else is to outlive the process


@asynccontextmanager
async def records_of(settings: Settings) -> AsyncGenerator[Records]:
    """Open the archive that the settings choose, with its tables up to date.

    Raises `Unavailable`, or `Misconfigured` when somebody has to do something first.
    """
    if settings.database_url is not None:
        await to_thread.run_sync(bring_up_to_date, settings)
    async with _opened(settings) as records:
        yield records


@asynccontextmanager
async def archive_of(settings: Settings) -> AsyncGenerator[JobArchive]:
    """Open the archive that the settings choose, as `records_of` does."""
    async with records_of(settings) as records:
        yield records.archive


@asynccontextmanager
async def open_archive(settings: Settings) -> AsyncGenerator[JobArchive]:
    """Open the archive alone, for reading beside a running server; raises `Misconfigured`."""
    async with open_records(settings) as records:
        yield records.archive


@asynccontextmanager
async def open_records(settings: Settings) -> AsyncGenerator[Records]:
    """Open what is there, beside a running server, and change no table; raises `Misconfigured`."""
    file = anyio.Path(database_file(settings.data_dir))
    elsewhere = settings.database_url or settings.supabase_url
    if elsewhere is None and not await file.exists():
        raise Misconfigured(
            f"There are no jobs yet in the data directory {settings.data_dir}.",
            setting="STORYLOOM_DATA_DIR",
        )
    async with _opened(settings) as records:
        yield records


@asynccontextmanager
async def open_ledger(settings: Settings) -> AsyncGenerator[Ledger]:
    """Open the ledger of calls alone, beside a running server or without one.

    Raises `Unavailable`, or `Misconfigured` when somebody has to do something first.
    """
    if settings.database_url is not None:
        await to_thread.run_sync(bring_up_to_date, settings)
    async with open_database(database_url(settings)) as database:
        yield SqlLedger(database)


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncGenerator[Records]:
    async with open_database(database_url(settings)) as database:
        ledger = SqlLedger(database)
        if settings.supabase_url is None:
            kept = SqlJobArchive(database), SqlJobIndex(database), SqlJobStatistics(database)
            told = SqlWorkFigures(database), SqlOrganizationRegister(database)
            yield Records(*kept, ledger, *told, database)
        else:
            async with open_supabase(settings.supabase_url, _service_key(settings)) as project:
                kept = project.archive, project.index, project.statistics
                figures = SqlWorkFigures(database, project.rows)
                known = SqlOrganizationRegister(database, project.owners)
                yield Records(*kept, ledger, figures, known, database)


def _service_key(settings: Settings) -> str:
    if settings.supabase_service_key is None:
        raise Misconfigured(
            "SUPABASE_URL is set and SUPABASE_SERVICE_KEY is not: the archive needs both.",
            setting="SUPABASE_SERVICE_KEY",
        )
    return settings.supabase_service_key.get_secret_value()


def database_url(settings: Settings) -> str:
    """The address of the database, for SQLAlchemy; raises `Misconfigured`."""
    shared = shared_database(settings)
    return shared or f"sqlite+aiosqlite:///{database_file(settings.data_dir)}"


def bring_up_to_date(settings: Settings) -> None:
    """Give PostgreSQL the tables that it lacks; raises `Misconfigured` where that is not wanted."""
    from storyloom.adapters.sql import _migrations  # noqa: PLC0415 - a second that SQLite spares

    url = database_url(settings)
    if settings.migrate_on_start:
        _migrations.upgrade(url)
    elif missing := _migrations.pending(url):
        raise Misconfigured(
            f"The database lacks {', '.join(missing)}: run `storyloom migrate` first, or set "
            "STORYLOOM_MIGRATE_ON_START.",
            setting="STORYLOOM_MIGRATE_ON_START",
        )
