"""Equal calls take turns, so that the next one finds what the first has paid for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """One turn at a time for each key, in the order in which they were asked for."""

    def __init__(self) -> None:
        """Begin with nobody."""
        # A lock goes when nobody holds it or waits for it.
        self._locks: WeakValueDictionary[tuple[str, ...], asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def take(self, *key: str) -> AsyncGenerator[None]:
        """Wait for the turn, and have it within the block."""
        lock = self._locks.setdefault(key, asyncio.Lock())
        async with lock:
            yield
