"""Waiting for what is not there yet, without asking again and again."""

from collections.abc import Generator
from contextlib import contextmanager

import anyio

from storyloom.errors import RateLimited

MOST = 256


class Waiters:
    """Those who wait for news. To be made in the event loop."""

    def __init__(self, most: int = MOST) -> None:
        """Let so many wait at the same time."""
        self._most = most
        self._count = 0
        self._news = anyio.Event()
        self._somebody = anyio.Event()
        self._is_closed = False

    @property
    def count(self) -> int:
        """How many wait now."""
        return self._count

    @property
    def is_closed(self) -> bool:
        """Whether nobody is to wait any longer."""
        return self._is_closed

    def heard(self) -> None:
        """There is news: all who wait look again."""
        self._news.set()
        self._news = anyio.Event()

    def close(self) -> None:
        """Send all away: the process stops."""
        self._is_closed = True
        self.heard()

    def next_news(self) -> anyio.Event:
        """What is set by the next news. To be taken before one looks, so that none is missed."""
        return self._news

    async def somebody(self) -> None:
        """Return when at least one waits."""
        while not self._count:
            await self._somebody.wait()

    @contextmanager
    def waiting(self) -> Generator[None]:
        """Be one of them; raises `RateLimited` when there are too many."""
        if self._count >= self._most:
            raise RateLimited(
                "Too many wait for notifications; ask without `wait`.",
                system="notifications",
                retry_after_s=5,
            )
        self._count += 1
        self._somebody.set()
        try:
            yield
        finally:
            self._count -= 1
            if not self._count:
                self._somebody = anyio.Event()
