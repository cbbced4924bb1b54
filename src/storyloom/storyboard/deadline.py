"""Deadlines of steps and of whole jobs, and the one retry that fits inside them."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
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


@contextmanager
def off_the_clock() -> Generator[None]:
    """Take the time of this block off no deadline; it has to have an end of its own.

    Outside a step there is no deadline, and nothing happens.
    """
    deadline = _running.get()
    if deadline is None:
        yield
        return
    with deadline.stopped():
        yield


class Deadline:
    """Counts from its making. A job that is resumed after a crash gets its whole time again."""

    def __init__(self, limits: Limits, backoff_s: float = BACKOFF_S) -> None:
        """Start counting."""
        self._limits = limits
        self._backoff_s = backoff_s
        self._end = asyncio.get_running_loop().time() + limits.job_s
        self._step: asyncio.Timeout | None = None

    @contextmanager
    def stopped(self) -> Generator[None]:
        """Stop counting, for the running step and for the job."""
        step, clock = self._step, asyncio.get_running_loop().time
        started = clock()
        end = None if step is None else step.when()
        if step is None or end is None:  # somebody around us has stopped it
            yield
            return
        step.reschedule(None)
        try:
            yield
        finally:
            took = clock() - started
            self._end += took
            step.reschedule(end + took)

    def bound(self, what: str, work: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """The same work, tried once more when that can help.

        Raises `TimedOut` when it takes longer than it may, the second try included.
        """

        async def bounded() -> T:
            left = max(0.0, self._end - asyncio.get_running_loop().time())
            token = _running.set(self)
            try:
                async with asyncio.timeout(min(self._limits.step_s, left)) as self._step:
                    return await self._twice(work)
            except TimeoutError as fault:
                raise TimedOut(self._sentence(what, left)) from fault
            finally:
                self._step = None
                _running.reset(token)

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
