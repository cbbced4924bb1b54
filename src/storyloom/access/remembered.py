"""An answer of a store that is asked for all the time, and may be some seconds old."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

import anyio

from storyloom.errors import Unavailable
from storyloom.kit.background import Background
from storyloom.kit.clock import Clock

# Younger: it is given. Older: it is given, and asked for in the background. Too old: it is waited for.
FRESH = timedelta(seconds=5)
TOO_OLD = timedelta(seconds=10)
# A store that is away cannot be changed either, or not by many: its last answer holds for so long.
OUTAGE = timedelta(minutes=10)
T = TypeVar("T")


class Remembered(Generic[T]):
    """Remembers an answer, so that requests cost no query and hardly ever wait for one."""

    def __init__(
        self, ask: Callable[[], Awaitable[T]], clock: Clock, background: Background
    ) -> None:
        """Take how to ask, which may raise `Unavailable`."""
        self._ask = ask
        self._clock = clock
        self._background = background
        self._kept: tuple[T, datetime] | None = None  # and when it was asked for
        self._look_at: datetime | None = None  # when to ask again
        self._is_asking = False
        self._one_at_a_time = anyio.Lock()

    async def get(self) -> T:
        """The answer, at most ten seconds old while the store answers; raises `Unavailable`."""
        now = self._clock.now()
        if self._kept is not None and self._look_at is not None:
            if now < self._look_at:
                return self._kept[0]
            if now < self._look_at + (TOO_OLD - FRESH):
                self._ask_soon()
                return self._kept[0]
        async with self._one_at_a_time:
            if self._kept is None or self._look_at is None or self._clock.now() >= self._look_at:
                return await self._renewed()
            return self._kept[0]

    def outdate(self) -> None:
        """Ask again before the next answer is given."""
        self._look_at = None

    def _ask_soon(self) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._background.soon(self._renew)

    async def _renew(self) -> None:
        try:
            async with self._one_at_a_time:
                await self._renewed()
        finally:
            self._is_asking = False

    async def _renewed(self) -> T:
        now = self._clock.now()
        try:
            self._kept = (await self._ask(), now)
        except Unavailable:
            if self._kept is None or now >= self._kept[1] + OUTAGE:
                raise
        self._look_at = now + FRESH
        return self._kept[0]
