"""What an operator has to know of a Supabase project: whether the key may do what it has to."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager

from pydantic import JsonValue, TypeAdapter

from storyloom.adapters.supabase._address import checked_key, rest_url
from storyloom.adapters.supabase._rest import Rest, open_rest
from storyloom.adapters.supabase.job_archive import TABLE, SupabaseJobArchive
from storyloom.adapters.supabase.job_statistics import SupabaseJobStatistics
from storyloom.errors import InvalidInput, StoryloomError
from storyloom.kit.findings import Finding, error, warning, well

CHECK = "archive"
TIMEOUT_S = 2.0
_ROWS = TypeAdapter(list[dict[str, JsonValue]])
_NOBODY = "00000000-0000-0000-0000-000000000000"
# What our sentences say is wrong, and what to do about it.
_MENDS = {
    "is missing": "Run the files of sql/ in the project's SQL editor, in the order of their numbers.",
    "does not accept": "Copy the service_role key from the project's API settings.",
    "has no right": "Take the service_role key; if it is, run sql/002_storyboard_jobs.sql again.",
    "does not lead": "Copy the project's URL, such as https://xxx.supabase.co.",
    "could not be understood or reached": "Look whether SUPABASE_URL is right, whether the project "
    "is paused, and whether the network lets you through.",
    "took too long": "Look whether the project is paused, and at the network between.",
}
_OTHERWISE = "Look at the project's dashboard, and at the log of its API."


class Inquiry:
    """Asks a project what it lets us do."""

    def __init__(self, rest: Rest) -> None:
        """Take the open REST API."""
        self._rest = rest
        self.archive = SupabaseJobArchive(rest)

    async def look(self) -> Sequence[Finding]:
        """Read; then write what the table itself refuses, once row level security has let it by."""
        try:
            await self.archive.ping()
            await self._write_nothing()
        except StoryloomError as fault:
            return [error(CHECK, fault.message, _mend(fault.message))]
        return [await self._views()]

    async def _write_nothing(self) -> None:
        """A row without an organisation is never kept; who has no right is told that first."""
        row = {"id": _NOBODY}

        try:
            await self._rest.send(
                TABLE, lambda t: t.upsert(row, ignore_duplicates=True).select("id"), _ROWS
            )
        except InvalidInput:
            return

    async def _views(self) -> Finding:
        try:
            await SupabaseJobStatistics(self._rest).counts()
        except StoryloomError:
            return warning(
                CHECK,
                "The view storyboard_job_stats cannot be read, so that figures are missing.",
                "Run sql/002_storyboard_jobs.sql in the project's SQL editor again.",
            )
        return well(CHECK, "The Supabase project can be read and written.")


@asynccontextmanager
async def open_inquiry(url: str, key: str) -> AsyncGenerator[Inquiry]:
    """Open a project for being looked at; raises `Misconfigured`."""
    async with open_rest(rest_url(url), checked_key(key), timeout_s=TIMEOUT_S) as rest:
        yield Inquiry(rest)


def _mend(said: str) -> str:
    return next((mend for sign, mend in _MENDS.items() if sign in said), _OTHERWISE)
