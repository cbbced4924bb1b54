"""Queues as this process sees them: it takes no more than it has room for.

DBOS keeps a queue's limits in the database, the same for all workers. Ours differ in size, a worker
with many queues has one room for all of them, and one that is about to stop takes nothing more.
There is no public way to say so; the version is pinned exactly, and a test holds this to it.
"""

import sys
from dataclasses import dataclass
from typing import Any

from dbos import DBOS


@dataclass
class Room:
    """How many jobs may run here at the same time, and whether any are taken at all."""

    size: int
    is_open: bool = True


def bound_by(room: Room, dbos: DBOS) -> None:
    """Let every queue that this process listens to be bound by its room. Call it after launch."""
    system = dbos._sys_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    active = dbos._active_workflows_set  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    get_queue = system.get_queue

    def as_big_as_the_room(name: str, *args: Any, **kwargs: Any) -> Any:
        queue = get_queue(name, *args, **kwargs)
        if queue is not None:
            queue._worker_concurrency = room.size  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return queue

    def taken(queue_name: str) -> int:
        # Asked at every look, and taken off the size: whatever runs takes room, of any queue.
        del queue_name
        return len(active.activeList()) if room.is_open else sys.maxsize

    system.get_queue = as_big_as_the_room
    active.count_for_queue = taken
