"""Opening a project: its address, its key, and whether they work."""

import logging
from base64 import urlsafe_b64decode
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from anyio import to_thread
from pydantic import BaseModel

from storyloom.adapters.supabase._faults import KEY, URL, Refused
from storyloom.adapters.supabase.job_archive import SupabaseJobArchive
from storyloom.adapters.supabase.job_statistics import SupabaseJobStatistics
from storyloom.errors import Misconfigured, Unavailable

if TYPE_CHECKING:
    from storyloom.adapters.supabase._rest import Rest

PATH = "/rest/v1"
TIMEOUT_S = 20.0
_FOR_BROWSERS = ("anon", "authenticated")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Project:
    """What a project is used for."""

    archive: SupabaseJobArchive
    statistics: SupabaseJobStatistics


@asynccontextmanager
async def open_project(
    url: str, key: str, *, timeout_s: float = TIMEOUT_S
) -> AsyncGenerator[Project]:
    """Open a project, and close it in the end; raises `Misconfigured` for what cannot work.

    A project that is away for now is no reason not to start: it is asked again with every job.
    """
    address, key = rest_url(url), checked_key(key)
    # In a thread: importing reads files, and takes a while.
    open_rest = await to_thread.run_sync(_load)
    async with open_rest(address, key, timeout_s=timeout_s) as rest:
        project = Project(SupabaseJobArchive(rest), SupabaseJobStatistics(rest))
        try:
            await project.archive.ping()
        except Refused as fault:
            raise Misconfigured(fault.message, setting=fault.setting) from fault
        except Unavailable as fault:
            log.warning("started without the job archive: %s", fault)
        yield project


def rest_url(url: str) -> str:
    """The address of a project's REST API; raises `Misconfigured`."""
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname)
        bare = parts.username is None and not parts.query and not parts.fragment
        _ = parts.port
    except ValueError:
        usable = bare = False
    if not (usable and bare):
        raise Misconfigured(
            f"The setting {URL} is wrong: it has to look like https://xxx.supabase.co.",
            setting=URL,
        )
    return url.strip().rstrip("/").removesuffix(PATH) + PATH


def checked_key(key: str) -> str:
    """The key without blanks around it; raises `Misconfigured` for one that cannot work."""
    key = key.strip()
    if not key or not all("!" <= character <= "~" for character in key):
        raise Misconfigured(
            f"The setting {KEY} is wrong: it holds characters that no key has.", setting=KEY
        )
    if key.startswith("sb_publishable_") or _role(key) in _FOR_BROWSERS:
        # It reads a table without rows, and writes nothing.
        raise Misconfigured(
            f"The setting {KEY} is wrong: this is a key for browsers. "
            "The job archive needs the project's service_role key.",
            setting=KEY,
        )
    return key


class _Claims(BaseModel):
    role: str = ""


def _role(key: str) -> str:
    """The role that a key of the older kind names; the newer kind names none."""
    claims = key.partition(".")[2].partition(".")[0]
    try:
        read = _Claims.model_validate_json(urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    except ValueError:
        return ""
    return read.role


def _load() -> Callable[..., "AbstractAsyncContextManager[Rest]"]:
    try:
        from storyloom.adapters.supabase._rest import open_rest  # noqa: PLC0415 - an extra
    except ModuleNotFoundError as fault:
        raise Misconfigured(
            f"{URL} needs a package that is not installed. "
            "Install it with: pip install 'storyloom[supabase]'",
            setting=URL,
        ) from fault
    return open_rest
