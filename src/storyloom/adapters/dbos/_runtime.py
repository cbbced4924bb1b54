"""DBOS, running in this process. There is one at a time: the library is a singleton."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import anyio
from anyio import CancelScope, to_thread
from dbos import DBOS, DBOSConfig

from storyloom.adapters.dbos._steps import JsonSerializer

# The name under which DBOS keeps what is ours, apart from others in the same database.
APPLICATION = "storyloom"
# The shape of the pipelines, not of the package: raise it when a pipeline is added, or when steps
# change their names, their order or what they leave behind. DBOS resumes a workflow only under the
# version that started it.
PIPELINES_VERSION = "5"
_LOOK_EVERY_S = 0.02
# Nobody here is sent DBOS' own messages, but a stop waits until their listener has looked once more.
_LISTEN_EVERY_S = 0.05
log = logging.getLogger(__name__)


def config_of(database_url: str, executor_id: str, version: str) -> DBOSConfig:
    """What is the same in every process that runs workflows."""
    return {
        "name": APPLICATION,
        "system_database_url": database_url,
        "executor_id": executor_id,
        "application_version": version,
        "serializer": JsonSerializer(),
        "log_level": "WARNING",
        "notification_listener_polling_interval_sec": _LISTEN_EVERY_S,
    }


class Patience:
    """How long a stop may wait for running jobs, and a way to end the waiting."""

    def __init__(self, drain_s: float) -> None:
        """Take the longest wait, in seconds."""
        self._drain_s = drain_s
        self._hurried = False

    def hurry(self) -> None:
        """Wait no longer. May be called by a signal handler."""
        self._hurried = True

    async def until(self, is_done: Callable[[], bool]) -> bool:
        """Whether it was done in time."""
        with anyio.move_on_after(self._drain_s):
            while not is_done() and not self._hurried:  # noqa: ASYNC110 - a signal handler sets no event
                await anyio.sleep(_LOOK_EVERY_S)
        return is_done()


@asynccontextmanager
async def launched(dbos: DBOS) -> AsyncGenerator[None]:
    """Launch it, and destroy it in the end.

    Waiting for running workflows is the caller's part.
    """
    try:
        await to_thread.run_sync(dbos.launch)
        yield
    finally:
        with CancelScope(shield=True):
            await to_thread.run_sync(_destroy)
        # DBOS makes its own pool the loop's default, and has now closed it.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())


def running(dbos: DBOS, handed_over: Collection[str] = ()) -> int:
    """How many workflows run here, besides those that were let go of.

    One that is being claimed just now is not among them.
    """
    active = dbos._active_workflows_set.activeList()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return len(set(active) - set(handed_over))


def _destroy() -> None:
    DBOS.destroy(destroy_registry=True)
