"""Work on megabytes of JSON, which must not hold up the event loop."""

from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, to_thread

from storyloom.errors import InvalidInput

_T = TypeVar("_T")
# What takes less time than a thread costs.
_SMALL = 16 * 1024
# A session of 32 MiB takes ten times as much while it is read.
_AT_ONCE = 2


class Aside:
    """Does such work in threads, a few at a time."""

    def __init__(self) -> None:
        """To be made in the event loop."""
        self._limit = CapacityLimiter(_AT_ONCE)

    async def run(self, size: int, work: Callable[[], _T]) -> _T:
        """Do it, here when so many bytes are few.

        Raises what it raises; `InvalidInput` for what is nested too deeply.
        """
        try:
            if size <= _SMALL:
                return work()
            return await to_thread.run_sync(work, limiter=self._limit)
        except RecursionError as fault:
            raise InvalidInput(
                "The body is nested too deeply", loc=("body",), kind="json_invalid"
            ) from fault
