"""Queues as this process sees them: it takes no more than it has room for.

DBOS keeps a queue's limits in the database, the same for all workers. Ours differ in size, a worker
with many queues has one room for all of them, and one that is about to stop takes nothing more.
There is no public way to say so; the version is pinned exactly, and a test holds this to it.
"""

from dataclasses import dataclass
from typing import Any

from dbos import DBOS


@dataclass
class Room:
    """How many jobs may run here at the same time; 0 when nothing more is taken."""

    size: int


def bound_by(room: Room, dbos: DBOS) -> None:
    """Let every queue that this process listens to be bound by its room. Call it after launch."""
    system = dbos._sys_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    active = dbos._active_workflows_set  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    get_queue = system.get_queue

    def bound(name: str, *args: Any, **kwargs: Any) -> Any:
        queue = get_queue(name, *args, **kwargs)
        if queue is not None:
            free = max(0, room.size - len(active.activeList()))
            # DBOS takes off what of this queue runs already.
            queue._worker_concurrency = free + active.count_for_queue(name)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        return queue

    system.get_queue = bound
