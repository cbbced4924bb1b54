"""Deadlines of steps and of whole jobs."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from storyloom.errors import TimedOut

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one step, and one run of a job as a whole, may take, in seconds."""

    step_s: float = 90.0
    job_s: float = 120.0


class Deadline:
    """Counts from its making. A job that is resumed after a crash gets its whole time again."""

    def __init__(self, limits: Limits) -> None:
        """Start counting."""
        self._limits = limits
        self._end = asyncio.get_running_loop().time() + limits.job_s

    def bound(self, what: str, work: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """The same work, raising `TimedOut` when it takes longer than it may."""

        async def bounded() -> T:
            left = max(0.0, self._end - asyncio.get_running_loop().time())
            try:
                async with asyncio.timeout(min(self._limits.step_s, left)):
                    return await work()
            except TimeoutError as fault:
                raise TimedOut(self._sentence(what, left)) from fault

        return bounded

    def _sentence(self, what: str, left: float) -> str:
        if left < self._limits.step_s:
            return f"Storyboard timeout after {self._limits.job_s:g} seconds"
        return f"{what} timeout after {self._limits.step_s:g} seconds"
