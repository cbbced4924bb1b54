"""Finished answers kept in this process, up to a size in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from storyloom.kit.clock import Clock

K = TypeVar("K", bound=Hashable)
A = TypeVar("A")
MAX_BYTES = 48 * 1024 * 1024
MAX_AGE_S = 3600


class FinishedAnswers(Generic[K, A]):
    """A finished job never changes, so its answers may be kept; the least used ones go first.

    But it may be forgotten, so after an hour the archive is asked whether it is still there.
    """

    def __init__(self, clock: Clock, size: Callable[[A], int], max_bytes: int = MAX_BYTES) -> None:
        """Take a function that tells an answer's size, and the most bytes to keep."""
        self._clock = clock
        self._size = size
        self._max_bytes = max_bytes
        self._bytes = 0
        self._kept: OrderedDict[K, tuple[datetime, A]] = OrderedDict()

    def get(self, key: K) -> A | None:
        """The answer, or None when it is not kept here."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        until, answer = kept
        if until <= self._clock.now():
            self._drop(key)
            return None
        self._kept.move_to_end(key)
        return answer

    def put(self, key: K, answer: A) -> None:
        """Keep the answer, unless it is too big to share the room with others."""
        if key in self._kept or self._size(answer) > self._max_bytes // 4:
            return
        self._kept[key] = (self._clock.now() + timedelta(seconds=MAX_AGE_S), answer)
        self._bytes += self._size(answer)
        while self._bytes > self._max_bytes:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: K) -> None:
        self._bytes -= self._size(self._kept.pop(key)[1])
