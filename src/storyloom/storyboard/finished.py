"""Finished answers kept in this process, up to a size in bytes."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

from storyloom.kit.ids import JobId

A = TypeVar("A")
MAX_BYTES = 48 * 1024 * 1024


class FinishedAnswers(Generic[A]):
    """A finished job never changes, so its answer may be kept; the least used ones go first."""

    def __init__(self, size: Callable[[A], int], max_bytes: int = MAX_BYTES) -> None:
        """Take a function that tells an answer's size, and the most bytes to keep."""
        self._size = size
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[JobId, A] = OrderedDict()

    def get(self, job_id: JobId) -> A | None:
        """The answer, or None when it is not kept here."""
        answer = self._kept.get(job_id)
        if answer is not None:
            self._kept.move_to_end(job_id)
        return answer

    def put(self, job_id: JobId, answer: A) -> None:
        """Keep the answer, unless it is too big to share the room with others."""
        if job_id in self._kept or self._size(answer) > self._max_bytes // 4:
            return
        self._kept[job_id] = answer
        self._bytes += self._size(answer)
        while self._bytes > self._max_bytes:
            self._bytes -= self._size(self._kept.popitem(last=False)[1])
