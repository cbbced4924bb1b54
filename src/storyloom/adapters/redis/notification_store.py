"""Notifications in Redis, under the documented keys."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import anyio
from redis.asyncio import Redis

from storyloom.adapters.redis._client import (
    listening,
    open_client,
    open_listener,
    subscription,
)
from storyloom.adapters.redis._faults import translated
from storyloom.adapters.redis._names import prefix_of
from storyloom.adapters.redis.untold import UNTOLD, written
from storyloom.errors import Unavailable
from storyloom.events.schemas import Draft
from storyloom.notifications.ports import ACKNOWLEDGED_S
from storyloom.notifications.schemas import Notification, NotificationType

PENDING = "notifications:pending"
ACKNOWLEDGED = "notifications:ack:"
# What finds a notification by its id, and by its type; and which session's latch is closed.
BODIES = "storyloom:notifications"
OF_TYPE = "storyloom:notifications:of:"
LATCHES = "storyloom:notifications:latches"
CHANNEL = "storyloom:notifications:news"
TRY_EVERY_S = 1.0
# KEYS: pending, bodies, those of the type, latches, the acknowledgement, the untold
# ARGV: id, body, time, latch or nothing, channel, id of an event or nothing, the event
_ADD = """
if ARGV[4] ~= '' and redis.call('HSETNX', KEYS[4], ARGV[4], ARGV[1]) == 0 then return 0 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 1 or redis.call('EXISTS', KEYS[5]) == 1 then
    return 0
end
redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
redis.call('PUBLISH', ARGV[5], ARGV[1])
if ARGV[6] ~= '' then redis.call('HSET', KEYS[6], ARGV[6], ARGV[7]) end
return 1
"""
# KEYS: pending, bodies, the acknowledgement, those of each type
# ARGV: id, time, seconds to remember it
_ACKNOWLEDGE = """
local body = redis.call('HGET', KEYS[2], ARGV[1])
if not body then return redis.call('EXISTS', KEYS[3]) end
redis.call('ZREM', KEYS[1], body)
redis.call('HDEL', KEYS[2], ARGV[1])
for place = 4, #KEYS do redis.call('ZREM', KEYS[place], ARGV[1]) end
redis.call('SET', KEYS[3], ARGV[2], 'EX', ARGV[3])
return 1
"""
# Other services may take one off in the documented places: such a one is forgotten here too.
# KEYS: pending, bodies, those of the type
# ARGV: the earliest time, how many at most, what an acknowledgement's name begins with
_PENDING = """
local found = {}
while #found < tonumber(ARGV[2]) do
    local ids = redis.call(
        'ZRANGEBYSCORE', KEYS[3], ARGV[1], '+inf', 'LIMIT', #found, tonumber(ARGV[2]) - #found)
    if #ids == 0 then break end
    for _, id in ipairs(ids) do
        local body = redis.call('HGET', KEYS[2], id)
        if body and redis.call('ZSCORE', KEYS[1], body)
                and redis.call('EXISTS', ARGV[3] .. id) == 0 then
            table.insert(found, body)
        else
            redis.call('ZREM', KEYS[3], id)
            redis.call('HDEL', KEYS[2], id)
            if body then redis.call('ZREM', KEYS[1], body) end
        end
    end
end
return found
"""
log = logging.getLogger(__name__)


class RedisNotificationStore:
    """Keeps the JSON of what is pending in `notifications:pending`, by its time in milliseconds.

    Beside it are the ids of each type, so that whoever asks for one type does not pay for others;
    and each change is one script, so that many processes make one notification.
    """

    def __init__(self, client: Redis, url: str) -> None:
        """Take an open client, and the address for another one that listens."""
        self._client: Any = client
        self._url = url

    async def add(
        self, org_id: str, notification: Notification, *, latch: bool, told: Draft | None = None
    ) -> bool:
        """Keep it, and tell all processes."""
        prefix = prefix_of(org_id)
        with translated():
            added = await self._client.eval(
                _ADD,
                6,
                prefix + PENDING,
                prefix + BODIES,
                f"{prefix}{OF_TYPE}{notification.type}",
                prefix + LATCHES,
                f"{prefix}{ACKNOWLEDGED}{notification.id}",
                UNTOLD,
                notification.id,
                notification.model_dump_json(by_alias=True),
                _milliseconds(notification.timestamp),
                _latch(notification.type, notification.session_timestamp) if latch else "",
                CHANNEL,
                "" if told is None else told.id,
                b"" if told is None else written(told),
            )
        return bool(added)

    async def release(self, org_id: str, kind: NotificationType, session_timestamp: int) -> None:
        """Open the latch."""
        with translated():
            name = prefix_of(org_id) + LATCHES
            await self._client.hdel(name, _latch(kind, session_timestamp))

    async def pending(
        self,
        org_id: str,
        kinds: Sequence[NotificationType],
        *,
        since: datetime | None = None,
        limit: int,
    ) -> Sequence[Notification]:
        """What is not acknowledged, the oldest first."""
        prefix = prefix_of(org_id)
        earliest = "-inf" if since is None else _milliseconds(since)
        found: list[Notification] = []
        with translated():
            for kind in kinds:
                bodies: list[bytes] = await self._client.eval(
                    _PENDING,
                    3,
                    prefix + PENDING,
                    prefix + BODIES,
                    f"{prefix}{OF_TYPE}{kind}",
                    earliest,
                    limit,
                    prefix + ACKNOWLEDGED,
                )
                found += [Notification.model_validate_json(body) for body in bodies]
        return sorted(found, key=lambda one: (one.timestamp, one.id))[:limit]

    async def acknowledge(self, org_id: str, notification_id: str, at: datetime) -> bool:
        """Take it off what is pending, and remember that for a week."""
        prefix = prefix_of(org_id)
        types = [f"{prefix}{OF_TYPE}{kind}" for kind in NotificationType]
        with translated():
            known = await self._client.eval(
                _ACKNOWLEDGE,
                3 + len(types),
                prefix + PENDING,
                prefix + BODIES,
                f"{prefix}{ACKNOWLEDGED}{notification_id}",
                *types,
                notification_id,
                at.isoformat(),
                ACKNOWLEDGED_S,
            )
        return bool(known)

    async def listen(
        self,
        heard: Callable[[], None],
        awaited: Callable[[], Awaitable[None]],  # noqa: ARG002 - Redis tells by itself
    ) -> None:
        """Hear of what any process adds; runs for ever."""
        while True:
            try:
                async with open_listener(self._url) as client, subscription(client) as messages:
                    with translated():
                        await messages.subscribe(CHANNEL)
                    # What was added while nobody listened.
                    heard()
                    async for _ in listening(messages):
                        heard()
            except Unavailable as fault:
                log.debug("notifications of other processes are not heard: %s", fault)
            await anyio.sleep(TRY_EVERY_S)


@asynccontextmanager
async def open_notification_store(url: str) -> AsyncGenerator[RedisNotificationStore]:
    """Open the Redis at an address. It may be away, now and later; raises `Misconfigured`."""
    async with open_client(url) as client:
        yield RedisNotificationStore(client, url)


def _latch(kind: NotificationType, session_timestamp: int) -> str:
    return f"{kind}:{session_timestamp}"


def _milliseconds(at: datetime) -> int:
    return round(at.timestamp() * 1000)
