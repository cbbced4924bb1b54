from datetime import UTC, datetime

from storyloom.jobs.living import Living
from storyloom.jobs.schemas import Worker, WorkerSeen


def seen(name: str, second: int, *, has_left: bool = False) -> WorkerSeen:
    worker = Worker(id=name, host="h", pid=1, version="1", queues=("q",))
    beat_at = datetime(2026, 1, 1, 0, 0, second, tzinfo=UTC)
    return WorkerSeen(worker=worker, beat_at=beat_at, has_left=has_left)


def test_at_first_all_who_are_there_are_counted() -> None:
    assert Living().look([seen("a", 1), seen("b", 1), seen("c", 1, has_left=True)]) == 2


def test_then_only_those_whose_beat_moves() -> None:
    living = Living()
    living.look([seen("a", 1), seen("b", 1)])

    assert living.look([seen("a", 3), seen("b", 1), seen("new", 3)]) == 2
