"""Work that nobody waits for, and whose faults must not take others down."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from anyio.abc import TaskGroup

Work = Callable[[], Coroutine[Any, Any, None]]
log = logging.getLogger(__name__)


class Background:
    """Does such work in a task group, which owns it to its end."""

    def __init__(self, tasks: TaskGroup) -> None:
        """Take an open task group."""
        self._tasks = tasks

    def soon(self, work: Work) -> None:
        """Begin it at the next chance."""
        self._tasks.start_soon(_guarded, work)


async def _guarded(work: Work) -> None:
    try:
        await work()
    except Exception:  # the last one who could tell: an error would end the whole service
        log.exception("work in the background failed")
