"""Workers of this process alone: the twin that tests use."""

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager

from storyloom.jobs.schemas import Worker, WorkerSeen
from storyloom.kit.clock import Clock


class MemoryWorkerRegistry:
    """Keeps workers in a dictionary."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock that stamps the beats."""
        self._clock = clock
        self._workers: dict[str, WorkerSeen] = {}
        self._inside = threading.Lock()

    def beat(self, worker: Worker) -> None:
        """Say that the worker lives."""
        self._workers[worker.id] = WorkerSeen(
            worker=worker, beat_at=self._clock.now(), has_left=False
        )

    def seen(self) -> Sequence[WorkerSeen]:
        """Every registered worker."""
        now = self._clock.now()
        return [
            w.model_copy(update={"silent_s": (now - w.beat_at).total_seconds()})
            for w in self._workers.values()
        ]

    def leave(self, worker_id: str) -> None:
        """Say that the worker has stopped and left jobs behind."""
        left = self._workers[worker_id]
        self._workers[worker_id] = left.model_copy(update={"has_left": True})

    def remove(self, worker_ids: Sequence[str]) -> None:
        """Strike workers off."""
        for worker_id in worker_ids:
            self._workers.pop(worker_id, None)

    @contextmanager
    def alone(self) -> Generator[bool]:
        """Whether nobody else is inside."""
        mine = self._inside.acquire(blocking=False)
        try:
            yield mine
        finally:
            if mine:
                self._inside.release()
