"""What lies apart from a shared PostgreSQL: the file of a server, its engine, a Supabase project."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from typing import ClassVar

from anyio import Path

from storyloom.adapters.sql._diagnosis import has_jobs, reading_file
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.bootstrap.database import database_file
from storyloom.bootstrap.lock import holder_of
from storyloom.jobs.ports import JobArchive
from storyloom.kit.findings import Finding, Verdict, error, well
from storyloom.settings import Settings

ARCHIVE, ENGINE = "archive", "engine"


@dataclass
class OwnFile:
    """The SQLite file in the data directory."""

    mend: ClassVar[str] = (
        "Look at it with sqlite3 FILE 'PRAGMA integrity_check', or restore it from a backup."
    )
    settings: Settings
    stack: AsyncExitStack
    archive: JobArchive | None = None  #: once it was looked at, and can be read

    async def look(self) -> Sequence[Finding]:
        """Read it, if there is one; raises `Unavailable`."""
        file = database_file(self.settings.data_dir)
        if not await Path(file).exists():
            return [well(ARCHIVE, "There are no jobs yet.")]
        engine = await self.stack.enter_async_context(reading_file(file))
        if not await has_jobs(engine):
            return [well(ARCHIVE, "There are no jobs yet.")]
        archive = SqlJobArchive(engine)
        await archive.ping()
        self.archive = archive
        return [well(ARCHIVE, "The SQLite file in the data directory can be read.")]


@dataclass
class Project:
    """A Supabase project."""

    mend: ClassVar[str] = "Look whether the project is paused, and at the network between."
    settings: Settings
    stack: AsyncExitStack
    archive: JobArchive | None = None  #: once it was looked at, and can be used

    async def look(self) -> Sequence[Finding]:
        """Ask what the key lets us do; raises `Misconfigured`."""
        url, key = self.settings.supabase_url, self.settings.supabase_service_key
        if url is None or key is None:
            return [
                error(
                    ARCHIVE,
                    "SUPABASE_URL is set and SUPABASE_SERVICE_KEY is not: the archive needs both.",
                    "Copy the service_role key from the project's API settings.",
                )
            ]
        if find_spec("postgrest") is None:
            return [
                error(
                    ARCHIVE,
                    "SUPABASE_URL needs a package that is not installed.",
                    "pip install 'storyloom[supabase]'",
                )
            ]
        # Here, because it is an extra.
        from storyloom.adapters.supabase._diagnosis import open_inquiry  # noqa: PLC0415

        inquiry = await self.stack.enter_async_context(open_inquiry(url, key.get_secret_value()))
        found = await inquiry.look()
        if all(finding.status is not Verdict.ERROR for finding in found):
            self.archive = inquiry.archive
        return found


Apart = OwnFile | Project


def look_at_own_engine(settings: Settings) -> Sequence[Finding]:
    """An engine that lives within a server needs nothing but that; blocks."""
    holder = holder_of(settings.data_dir)
    runs = "No server runs now." if holder is None else f"It is run by {holder}."
    return [well(ENGINE, f"It lives within the server and its file. {runs}")]
