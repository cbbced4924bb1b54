"""Telling other processes of events through Redis."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import anyio
from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from storyloom.adapters.redis._client import listening, open_client, open_listener, subscription
from storyloom.adapters.redis._faults import translated
from storyloom.errors import Unavailable
from storyloom.events.ports import Heard
from storyloom.events.schemas import Event

CHANNEL = "storyloom:events"
PUBLISH_WITHIN_S = 0.5
# One that hangs must not hold up the log: it is left alone for a while.
REST_S = 5.0
LOOK_EVERY_S, LOOKS = 0.25, 4
_EVENTS = TypeAdapter(list[Event])
log = logging.getLogger(__name__)


class RedisEventBus:
    """One message for all that was appended together; one subscription for a whole process."""

    def __init__(self, client: Redis, url: str) -> None:
        """Take an open client, and the address for another one that listens."""
        self._client: Any = client
        self._url = url
        # Channels are the same in all databases of a server, and those may be of other services.
        database = client.connection_pool.connection_kwargs.get("db") or 0
        self._channel = f"{CHANNEL}:{database}"
        self._rest_until = 0.0

    async def publish(self, events: Sequence[Event]) -> None:
        """Tell all processes; raises `Unavailable`."""
        now = asyncio.get_running_loop().time
        if now() < self._rest_until:
            raise Unavailable("Redis failed a moment ago.", system="redis")
        body = b"[" + b",".join(event.json_line for event in events) + b"]"
        try:
            with translated():
                async with asyncio.timeout(PUBLISH_WITHIN_S):
                    await self._client.publish(self._channel, body)
        except Unavailable:
            self._rest_until = now() + REST_S
            raise

    async def listen(
        self,
        heard: Heard,
        awaited: Callable[[], Awaitable[None]],  # noqa: ARG002 - Redis tells by itself
    ) -> None:
        """Hear what any process publishes, and look into the log while that cannot be heard."""
        while True:
            try:
                async with open_listener(self._url) as client, subscription(client) as messages:
                    with translated():
                        await messages.subscribe(self._channel)
                    # What was published while nobody listened.
                    heard(())
                    async for body in listening(messages):
                        heard(_read(body))
            except Unavailable as fault:
                log.debug("events of other processes are not heard: %s", fault)
            for _ in range(LOOKS):
                heard(())
                await anyio.sleep(LOOK_EVERY_S)


@asynccontextmanager
async def open_event_bus(url: str) -> AsyncGenerator[RedisEventBus]:
    """Open the Redis at an address. It may be away, now and later; raises `Misconfigured`."""
    async with open_client(url) as client:
        yield RedisEventBus(client, url)


def _read(body: bytes) -> Sequence[Event]:
    try:
        return _EVENTS.validate_json(body)
    except ValidationError:
        # Of another version, or of a stranger: the log tells.
        return ()
