"""How many workers the figures tell of."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from storyloom.bootstrap.counting import workers_of
from storyloom.jobs.ports import WorkerRegistry
from storyloom.jobs.schemas import Worker, WorkerSeen


def seen(name: str, silent_s: float, *, has_left: bool = False) -> WorkerSeen:
    worker = Worker(id=name, host="h", pid=1, version="1", queues=("storyboards",))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return WorkerSeen(worker=worker, beat_at=at, silent_s=silent_s, has_left=has_left)


class Registry:
    """Some who were seen."""

    def __init__(self, *workers: WorkerSeen) -> None:
        self._workers = workers

    def seen(self) -> Sequence[WorkerSeen]:
        return self._workers


async def test_those_count_who_were_heard_of_lately() -> None:
    registry = Registry(seen("a", 0), seen("b", 7), seen("c", 9), seen("d", 0, has_left=True))

    assert await workers_of(cast("WorkerRegistry", registry))() == 2


async def test_where_there_are_none_nobody_counts() -> None:
    assert await workers_of(None)() is None
