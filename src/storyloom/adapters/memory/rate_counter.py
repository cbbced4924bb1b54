"""Requests counted in this process."""

from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from storyloom.access.schemas import RateLimit, Taken
from storyloom.kit.clock import Clock


class MemoryRateCounter:
    """Counts for this process alone. A window begins with the first request in it."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock of this machine, by which the library tells the end of a window."""
        self._clock = clock
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def take(self, who: str, limit: RateLimit, amount: int) -> Taken:
        """Count some requests at once."""
        item = _item(limit)
        granted = await self._limiter.hit(item, who, cost=amount)
        window = await self._limiter.get_window_stats(item, who)
        reset_s = window.reset_time - self._clock.now().timestamp()
        return Taken(granted, int(window.remaining), max(0.0, reset_s))


def _item(limit: RateLimit) -> RateLimitItem:
    return RateLimitItemPerSecond(limit.requests, limit.window_s)
