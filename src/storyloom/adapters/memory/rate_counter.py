"""Requests counted in this process."""

from typing import TYPE_CHECKING

from anyio import to_thread

from storyloom.access.schemas import RateLimit, Taken
from storyloom.kit.clock import Clock

if TYPE_CHECKING:
    from limits import RateLimitItem
    from limits.aio.strategies import FixedWindowRateLimiter


class MemoryRateCounter:
    """Counts for this process alone. A window begins with the first request in it."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock of this machine, by which the library tells the end of a window."""
        self._clock = clock
        self._limiter: FixedWindowRateLimiter | None = None

    async def take(self, who: str, limit: RateLimit, amount: int) -> Taken:
        """Count some requests at once."""
        limiter = self._limiter or await self._loaded()
        item = _item(limit)
        granted = await limiter.hit(item, who, cost=amount)
        window = await limiter.get_window_stats(item, who)
        reset_s = window.reset_time - self._clock.now().timestamp()
        return Taken(granted, int(window.remaining), max(0.0, reset_s))

    async def _loaded(self) -> "FixedWindowRateLimiter":
        """One for all; who was quicker meanwhile has made it."""
        made = await to_thread.run_sync(_limiter)
        self._limiter = self._limiter or made
        return self._limiter


def _limiter() -> "FixedWindowRateLimiter":
    # Without keys nothing is counted, and the library takes a tenth of a second to load.
    from limits.aio.storage import MemoryStorage  # noqa: PLC0415
    from limits.aio.strategies import FixedWindowRateLimiter  # noqa: PLC0415

    return FixedWindowRateLimiter(MemoryStorage())


def _item(limit: RateLimit) -> "RateLimitItem":
    from limits import RateLimitItemPerSecond  # noqa: PLC0415 - loaded by now

    return RateLimitItemPerSecond(limit.requests, limit.window_s)
