"""The deadline of a whole job. Calls to models have their own, shorter one where they are made."""

import asyncio
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from storyloom.errors import TimedOut

T = TypeVar("T")
JOB_TIMEOUT_S = 120.0
_running: ContextVar["Deadline | None"] = ContextVar("_running", default=None)


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

    def __init__(self, job_s: float = JOB_TIMEOUT_S) -> None:
        """Start counting so many seconds."""
        self._job_s = job_s
        self._end = asyncio.get_running_loop().time() + job_s
        self._step: asyncio.Timeout | None = None

    @contextmanager
    def stopped(self) -> Generator[None]:
        """Stop counting, for the running step and for the job."""
        step, clock = self._step, asyncio.get_running_loop().time
        started = clock()
        end = None if step is None else step.when()
        # Somebody around us has stopped it, or it is over already.
        if step is None or end is None or step.expired() or end <= started:
            yield
            return
        step.reschedule(None)
        try:
            yield
        finally:
            took = clock() - started
            self._end += took
            step.reschedule(end + took)

    def bound(self, work: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
        """The same work; raises `TimedOut` when the job takes longer than it may."""

        async def bounded() -> T:
            left = max(0.0, self._end - asyncio.get_running_loop().time())
            token = _running.set(self)
            try:
                async with asyncio.timeout(left) as self._step:
                    return await work()
            except TimeoutError as fault:
                sentence = f"Storyboard timeout after {self._job_s:g} seconds"
                raise TimedOut(sentence) from fault
            finally:
                self._step = None
                _running.reset(token)

        return bounded
