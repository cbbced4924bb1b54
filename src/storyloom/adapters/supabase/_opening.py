"""Opening a project where the package for it is installed, which is an extra."""

from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from anyio import to_thread

from storyloom.adapters.supabase._faults import URL
from storyloom.errors import Misconfigured

if TYPE_CHECKING:
    from storyloom.adapters.supabase._project import Project


@asynccontextmanager
async def open_supabase(url: str, key: str) -> AsyncGenerator["Project"]:
    """Open the project at this address with this key; raises `Misconfigured`."""
    # In a thread: importing reads files, and takes a while.
    open_project = await to_thread.run_sync(_load)
    async with open_project(url, key) as project:
        yield project


def _load() -> Callable[[str, str], "AbstractAsyncContextManager[Project]"]:
    try:
        from storyloom.adapters.supabase._project import open_project  # noqa: PLC0415 - the extra
    except ModuleNotFoundError as fault:
        raise Misconfigured(
            f"{URL} needs a package that is not installed. "
            "Install it with: pip install 'storyloom[supabase]'",
            setting=URL,
        ) from fault
    return open_project
