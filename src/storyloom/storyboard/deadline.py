"""Deadlines of steps and of whole jobs, and the one retry that fits inside them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from storyloom.errors import StoryloomError, TimedOut, Unavailable

T = TypeVar("T")
BACKOFF_S = 0.5
_running: ContextVar["Deadline | None"] = ContextVar("_running", default=None)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one step, and one run of a job as a whole, may take, in seconds."""

    step_s: float = 90.0
    job_s: float = 120.0


def excuse(seconds: float) -> None:
    """Give the step that runs here, and its job, so much more time; nothing outside a step."""
    deadline = _running.get()
    if deadline is not None:
        deadline.extend(seconds)


class Deadline:
    """Counts from its making. A job that is resumed after a crash gets its whole time again."""

    def __init__(self, limits: Limits, backoff_s: float = BACKOFF_S) -> None:
        """Start counting."""
        self._limits = limits
        self._backoff_s = backoff_s
        self._end = asyncio.get_running_loop().time() + limits.job_s
        self._step: asyncio.Timeout | None = None

    def extend(self, seconds: float) -> None:
        """Move the end of the running step, and of the job."""
        self._end += seconds
        if self._step is not None and (end := self._step.when()) is not None:
            self._step.reschedule(end + seconds)

    def bound(self, what: str, work: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """The same work, tried once more when that can help.

        Raises `TimedOut` when it takes longer than it may, the second try included.
        """

        async def bounded() -> T:
            left = max(0.0, self._end - asyncio.get_running_loop().time())
            _running.set(self)  # each step has a context of its own
            try:
                async with asyncio.timeout(min(self._limits.step_s, left)) as self._step:
                    return await self._twice(work)
            except TimeoutError as fault:
                raise TimedOut(self._sentence(what, left)) from fault

        return bounded

    async def _twice(self, work: Callable[[], Awaitable[T]]) -> T:
        try:
            return await work()
        except StoryloomError as fault:
            # A timeout is the documented end of a job: its time is used up.
            if not fault.retryable or isinstance(fault, TimedOut):
                raise
            asked = fault.retry_after_s if isinstance(fault, Unavailable) else None
            await asyncio.sleep(self._backoff_s if asked is None else asked)
            return await work()

    def _sentence(self, what: str, left: float) -> str:
        if left < self._limits.step_s:
            return f"Storyboard timeout after {self._limits.job_s:g} seconds"
        return f"{what} timeout after {self._limits.step_s:g} seconds"
