"""Who drives runs, as others see him; and one who comes when the first run does."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import anyio

from storyloom.jobs.errors import HandedOver
from storyloom.kit.ids import JobId


class Drives(Protocol):
    """Brings runs to their ends, as `Director` does."""

    async def run(self, job: JobId) -> None:
        """Drive the run of this job to its end; raises `HandedOver` after `leave`."""
        ...

    async def fail(self, job: JobId, *, message: str, code: str) -> bool:
        """Write the end of a run: False where it has ended meanwhile."""
        ...

    async def leave(self, grace_s: float) -> None:
        """Let go of all runs; pictures in hand have so long."""
        ...

    def hurry(self) -> None:
        """Wait no longer for pictures in hand. May be called by a signal handler."""
        ...


class LateDirector:
    """One who is made for the first run: until then, what drives runs need not be loaded."""

    def __init__(self, make: Callable[[], Awaitable[Drives]]) -> None:
        """Take what makes him, in the event loop."""
        self._make = make
        self._making = anyio.Lock()
        self._made: Drives | None = None
        self._is_leaving = False

    async def run(self, job: JobId) -> None:
        """Drive the run of this job to its end; raises `HandedOver` after `leave`."""
        director = await self._director()
        if self._is_leaving:
            raise HandedOver
        await director.run(job)

    async def fail(self, job: JobId, *, message: str, code: str) -> bool:
        """Write the end of a run: False where it has ended meanwhile."""
        return await (await self._director()).fail(job, message=message, code=code)

    async def leave(self, grace_s: float) -> None:
        """Let go of all runs; pictures in hand have so long."""
        self._is_leaving = True
        if self._made is not None:
            await self._made.leave(grace_s)

    def hurry(self) -> None:
        """Wait no longer for pictures in hand. May be called by a signal handler."""
        if self._made is not None:
            self._made.hurry()

    async def _director(self) -> Drives:
        async with self._making:
            if self._made is None:
                self._made = await self._make()
            return self._made
