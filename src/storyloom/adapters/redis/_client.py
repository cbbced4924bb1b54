"""Connections to Redis for what is kept in it, and not only shown."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.maint_notifications import MaintNotificationsConfig

from storyloom.adapters.redis._faults import translated
from storyloom.errors import Misconfigured, Unavailable

# A session may have 32 MiB, and its way may be long; clients give up after five seconds.
TIMEOUT_S = 4.0
CONNECT_TIMEOUT_S = 1.0
CONNECTIONS = 16
SILENCE_S = 5.0


@asynccontextmanager
async def open_client(url: str) -> AsyncGenerator[Redis]:
    """A client for commands. Redis may be away, now and later; raises `Misconfigured`."""
    pool = _pool(url, timeout_s=TIMEOUT_S, retries=1, connections=CONNECTIONS)
    async with Redis.from_pool(pool) as client:
        yield client


@asynccontextmanager
async def open_listener(url: str) -> AsyncGenerator[Redis]:
    """A client for one subscription: it waits for ever, and does not hide that it was cut off.

    It speaks the older protocol, in which what the server says by itself comes as messages.
    """
    pool = _pool(url, timeout_s=None, retries=0, connections=1, protocol=2)
    async with Redis.from_pool(pool) as client:
        yield client


@asynccontextmanager
async def subscription(client: Redis) -> AsyncGenerator[Any]:
    """Where messages come in; nothing is subscribed to yet."""
    # Its options are not typed.
    messages: Any = client.pubsub()  # pyright: ignore[reportUnknownMemberType]
    async with messages:
        yield messages


async def listening(messages: Any) -> AsyncIterator[Any]:
    """What the messages say, as they come; raises `Unavailable` when they do so no longer.

    A server that is gone without a word is noticed by asking it.
    """
    is_asked = False
    while True:
        with translated():
            message = await messages.get_message(timeout=SILENCE_S)
            if message is None:
                if is_asked:
                    raise Unavailable("Redis took too long to answer.", system="redis")
                is_asked = True
                await messages.ping()
                continue
        is_asked = False
        if message["type"] == "message":
            yield message["data"]


def _pool(
    url: str, *, timeout_s: float | None, retries: int, connections: int, **more: Any
) -> BlockingConnectionPool:
    try:
        # Its options are not typed.
        return BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            max_connections=connections,
            timeout=TIMEOUT_S,
            socket_timeout=timeout_s,
            socket_connect_timeout=CONNECT_TIMEOUT_S,
            socket_keepalive=True,
            # Once more, for a connection that was cut while nobody used it.
            retry=Retry(NoBackoff(), retries, supported_errors=(NotConnected,)),
            # These two would look up files and names while the event loop waits.
            driver_info=None,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
            **more,
        )
    except ValueError as fault:
        raise Misconfigured(
            "REDIS_URL cannot be read: write an address such as redis://localhost:6379.",
            setting="REDIS_URL",
        ) from fault
