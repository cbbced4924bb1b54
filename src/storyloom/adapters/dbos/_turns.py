"""Who of the jobs that were taken may run: so many at a time, and whoever has priority first."""

import asyncio
from bisect import insort
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import count

from storyloom.jobs.schemas import Priority


@dataclass(order=True, slots=True)
class _Waiting:
    priority: int
    number: int
    job_id: str = field(compare=False)
    queue: str = field(compare=False)
    may_go: asyncio.Event = field(compare=False, default_factory=asyncio.Event)


class Turns:
    """Turns of all queues. Everything happens on one event loop."""

    def __init__(self, usual: int, own: Mapping[str, int]) -> None:
        """Take how many run at a time, and that of queues which have a room of their own."""
        self._free = {"": usual, **own}
        self._waiting: list[_Waiting] = []
        self._numbers = count()
        self._resting: frozenset[str] = frozenset()

    @property
    def held(self) -> Collection[str]:
        """Jobs that wait because their queue rests."""
        return {one.job_id for one in self._waiting if one.queue in self._resting}

    async def take(self, job_id: str, queue: str, priority: int = Priority.NORMAL) -> None:
        """Wait for the job's turn."""
        mine = _Waiting(priority, next(self._numbers), job_id, queue)
        insort(self._waiting, mine)
        self._serve()
        try:
            await mine.may_go.wait()
        except BaseException:
            if mine.may_go.is_set():
                self.give_back(queue)
            else:
                self._waiting.remove(mine)
            raise

    def give_back(self, queue: str) -> None:
        """Let another one go."""
        self._free[self._room(queue)] += 1
        self._serve()

    def rest(self, queues: Collection[str]) -> None:
        """Let nothing of these queues begin, and all others."""
        self._resting = frozenset(queues)
        self._serve()

    def ahead(self, job_id: str) -> int | None:
        """How many are to go before the job; None where it does not wait."""
        mine = next((one for one in self._waiting if one.job_id == job_id), None)
        if mine is None:
            return None
        room = self._room(mine.queue)
        return sum(one < mine and self._room(one.queue) == room for one in self._waiting)

    def _room(self, queue: str) -> str:
        return queue if queue in self._free else ""

    def _serve(self) -> None:
        for one in list(self._waiting):
            room = self._room(one.queue)
            if self._free[room] and one.queue not in self._resting:
                self._free[room] -= 1
                self._waiting.remove(one)
                one.may_go.set()
