"""Queues as this process sees them: how much it takes, and how often it looks.

DBOS keeps a queue's limits in the database, the same for all workers. Ours differ in size, a worker
with many queues has one room for all of them, and one that is about to stop takes nothing more.
There is no public way to say so; the version is pinned exactly, and a test holds this to it.
"""

import sys
from dataclasses import dataclass
from math import inf
from time import monotonic
from typing import Any

from dbos import DBOS

BUSY_POLL_S = 0.01
BUSY_FOR_S = 1.0


@dataclass
class Room:
    """How many jobs may run here at the same time, and whether any are taken at all."""

    size: int
    is_open: bool = True


class Pace:
    """How often queues are looked into: more often while there is work, and for a while after."""

    def __init__(self, poll_s: float) -> None:
        """Take the interval of an idle worker."""
        self._idle_s = poll_s
        self._busy_s = min(poll_s, BUSY_POLL_S)
        self._busy_until_s = -inf

    def look_again_in_s(self, *, is_busy: bool) -> float:
        """The wait until the next look."""
        now_s = monotonic()
        if is_busy:
            self._busy_until_s = now_s + BUSY_FOR_S
        return self._busy_s if now_s < self._busy_until_s else self._idle_s


def bound_by(room: Room, pace: Pace, dbos: DBOS) -> None:
    """Let this process' room and pace hold for the queues it listens to. Call it after launch."""
    system = dbos._sys_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    active = dbos._active_workflows_set  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    get_queue = system.get_queue

    def as_big_as_the_room(name: str, *args: Any, **kwargs: Any) -> Any:
        queue = get_queue(name, *args, **kwargs)
        if queue is not None:
            queue._worker_concurrency = room.size  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            queue._polling_interval_sec = pace.look_again_in_s(is_busy=bool(active.activeList()))  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return queue

    def taken(queue_name: str) -> int:
        # Asked at every look, and taken off the size: whatever runs takes room, of any queue.
        del queue_name
        return len(active.activeList()) if room.is_open else sys.maxsize

    system.get_queue = as_big_as_the_room
    active.count_for_queue = taken
