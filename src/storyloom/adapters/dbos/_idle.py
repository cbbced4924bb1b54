"""The library's own queue: looked at often while a restart is taken up, and seldom after that.

DBOS hands unfinished workflows to its workers through a queue that it polls every second for as
long as the process lives, which is half of what an idle process uses. Nothing else of ours goes
through it. There is no public knob for its pace; the version is pinned exactly, and a test holds
this to it.
"""

import logging

import anyio
from dbos import DBOS
from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

RECOVERY_POLL_S = 0.1
IDLE_POLL_S = 15.0
# Long enough for the library to have put every unfinished workflow into the queue.
CALM_AFTER_S = 10.0
log = logging.getLogger(__name__)


class InternalQueue:
    """Sets the pace of the queue."""

    def __init__(self, dbos: DBOS) -> None:
        """Take it up quickly at first; call it before the launch."""
        self._queue = dbos._registry.get_internal_queue()  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._set(RECOVERY_POLL_S)

    async def calm(self) -> None:
        """Slow down: at once when nothing was left over, else when nothing waits any more."""
        try:
            await _taken_up()
        except (SQLAlchemyError, dbos_error.DBOSException) as fault:
            log.warning("slowing down without knowing what is left over: %s", type(fault).__name__)
        self.slow_down()

    def slow_down(self) -> None:
        """Look seldom."""
        self._set(IDLE_POLL_S)

    def _set(self, seconds: float) -> None:
        self._queue._polling_interval_sec = seconds  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


async def _taken_up() -> None:
    if await _some("PENDING", "ENQUEUED"):
        await anyio.sleep(CALM_AFTER_S)
        while await _some("ENQUEUED"):  # noqa: ASYNC110 - the library sends no event
            await anyio.sleep(RECOVERY_POLL_S)


async def _some(*status: str) -> bool:
    found = await DBOS.list_workflows_async(status=list(status), limit=1, load_input=False)
    return bool(found)
