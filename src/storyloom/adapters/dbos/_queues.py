"""Queues as this process sees them: how much it takes, and how often it looks.

DBOS keeps a queue's limits in the database, the same for all workers. Ours differ in size, a worker
with many queues has one room for all of them but those of long jobs, and one that is about to stop
takes nothing more.
There is no public way to say so; the version is pinned exactly, and a test holds this to it.
"""

import sys
from collections.abc import Collection, Mapping
from math import inf
from threading import Condition
from time import monotonic
from typing import Any

from dbos import DBOS

QUICK_POLL_S = 0.01
# A look takes all that waits, so after one that found something the next has time.
TAKEN_POLL_S = 0.03
QUICK_FOR_S = 1.0
# What others have written about a queue in the meantime is read so often.
READ_EVERY_S = 5.0


class Room:
    """How many jobs may run here at the same time, and whether any are taken at all."""

    def __init__(self, size: int, own: Mapping[str, int] | None = None) -> None:
        """Take the number of jobs, and that of queues which have a room of their own."""
        self._size = size
        self.own = own or {}
        self.is_open = True
        #: Queues of which nothing is taken for now.
        self.resting: Collection[str] = ()
        self._changed = Condition()

    def size(self, queue: str) -> int:
        """How many jobs there is room for where those of this queue are."""
        return self.own.get(queue, self._size)

    def rest(self, queues: Collection[str]) -> None:
        """Take nothing of these queues, and of all others."""
        self.resting = frozenset(queues)
        self.tell()

    def close(self) -> None:
        """Take no more jobs."""
        self.is_open = False
        self.tell()

    def tell(self) -> None:
        """Tell that a job has ended, or is about to: whoever waits looks again."""
        with self._changed:
            self._changed.notify_all()

    def wait(self, seconds: float) -> None:
        """Wait until something is told, but no longer."""
        with self._changed:
            self._changed.wait(seconds)


class Pace:
    """How often queues are looked into: more often for a while after jobs have begun or ended.

    Where one job has come or gone others are likely to follow, and one that has gone leaves room
    for them. While long ones run and nothing changes, looking often would only cost.
    """

    def __init__(self, poll_s: float) -> None:
        """Take the interval of a worker in which nothing happens."""
        self.quick_s = min(poll_s, QUICK_POLL_S)
        self._taken_s = min(poll_s, TAKEN_POLL_S)
        self._usual_s = poll_s
        self._lively_s = poll_s
        self._lively_until_s = -inf
        self._jobs: frozenset[str] = frozenset()

    def look_again_in_s(self, jobs: frozenset[str], now_s: float) -> float:
        """The wait until the next look, when these jobs run now."""
        if jobs != self._jobs:
            self._lively_s = self.quick_s if self._jobs - jobs else self._taken_s
            self._jobs, self._lively_until_s = jobs, now_s + QUICK_FOR_S
        return self._lively_s if now_s < self._lively_until_s else self._usual_s


class LocalQueues:
    """The queues that this process listens to, bound by its room and its pace."""

    def __init__(self, dbos: DBOS, room: Room, pace: Pace) -> None:
        """Take the launched library, which looks at its queues through us from now on."""
        system = dbos._sys_db  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._active = dbos._active_workflows_set  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
        self._room = room
        self._pace = pace
        self._read = system.get_queue
        self._count = self._active.count_for_queue
        self._kept: dict[str, tuple[float, Any]] = {}
        system.get_queue = self._queue
        self._active.count_for_queue = self._taken

    def _queue(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """What is known of the queue; asked for before every look, by a thread of the queue's own.

        The library waits for the shortest interval after this, and we for the rest of it: the
        library's wait is deaf to a job that ends.
        """
        now_s = monotonic()
        read_at_s, queue = self._kept.get(name, (-inf, None))
        if now_s - read_at_s > READ_EVERY_S:
            queue = self._read(name, *args, **kwargs)
            self._kept[name] = (now_s, queue)
        if queue is not None:
            queue._worker_concurrency = self._room.size(name)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            queue._polling_interval_sec = self._pace.quick_s  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
            jobs = frozenset(self._active.activeList())
            rest_s = self._pace.look_again_in_s(jobs, now_s) - self._pace.quick_s
            if rest_s > 0 and self._room.is_open:
                self._room.wait(rest_s)
        return queue

    def _taken(self, queue_name: str) -> int:
        """Taken off the room's size at every look: whatever runs takes room, of any queue.

        But jobs of a queue with a room of its own take room there.
        """
        if not self._room.is_open or queue_name in self._room.resting:
            return sys.maxsize
        if queue_name in self._room.own:
            return self._count(queue_name)
        elsewhere = sum(map(self._count, self._room.own))
        return len(self._active.activeList()) - elsewhere
