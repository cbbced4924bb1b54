"""Requests counted in Redis, for all processes together."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from anyio import to_thread
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.maint_notifications import MaintNotificationsConfig

from storyloom.access.schemas import RateLimit, Taken
from storyloom.adapters.redis._faults import translated
from storyloom.errors import Misconfigured
from storyloom.kit.clock import Clock

# A count that is late is done without: requests wait for it.
TIMEOUT_S = 0.25
CONNECTIONS = 8
KEYS = "ratelimit"


class RedisRateCounter:
    """Counts under `ratelimit:…`. A window begins with the first request in it."""

    def __init__(self, storage: RedisStorage, clock: Clock) -> None:
        """Take an open storage; closing it is its owner's part."""
        self._limiter = FixedWindowRateLimiter(storage)
        self._clock = clock

    async def take(self, who: str, limit: RateLimit, amount: int) -> Taken:
        """Count some requests at once; raises `Unavailable`."""
        item = _item(limit)
        with translated():
            granted = await self._limiter.hit(item, who, cost=amount)
            window = await self._limiter.get_window_stats(item, who)
        # Redis tells whole seconds; a window that has none left ends within one.
        reset_s = max(1.0, window.reset_time - self._clock.now().timestamp())
        return Taken(granted, int(window.remaining), reset_s)


@asynccontextmanager
async def open_rate_counter(url: str, clock: Clock) -> AsyncGenerator[RedisRateCounter]:
    """Open the Redis at an address. It may be away, now and later; raises `Misconfigured`."""
    pool = _pool(url)
    try:
        # It reads its scripts from the disk.
        storage = await to_thread.run_sync(_storage, pool)
        yield RedisRateCounter(storage, clock)
    finally:
        await pool.aclose()


def _pool(url: str) -> BlockingConnectionPool:
    try:
        # Its options are not typed.
        return BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            # Once more, for a connection that was cut while nobody used it.
            retry=Retry(NoBackoff(), 1, supported_errors=(NotConnected,)),
            # These two would look up files and names while the event loop waits.
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )
    except ValueError as fault:
        raise Misconfigured(
            "REDIS_URL cannot be read: write an address such as redis://localhost:6379.",
            setting="REDIS_URL",
        ) from fault


def _storage(pool: BlockingConnectionPool) -> RedisStorage:
    # Its options are typed as words; the pool has the address.
    options: Any = {"connection_pool": pool}
    return RedisStorage("async+redis://", implementation="redispy", key_prefix=KEYS, **options)


def _item(limit: RateLimit) -> RateLimitItem:
    return RateLimitItemPerSecond(limit.requests, limit.window_s)
