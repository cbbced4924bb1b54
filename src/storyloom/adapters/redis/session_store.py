"""Sessions in Redis, under the documented keys, where other services write them too."""

import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any, cast

import anyio
from anyio import to_thread
from redis.asyncio import Redis
from redis.exceptions import ResponseError, WatchError

from storyloom.adapters.redis._client import open_client
from storyloom.adapters.redis._faults import translated
from storyloom.adapters.redis._invalidations import Invalidations
from storyloom.adapters.redis._names import SESSION, prefix_of, session_key, session_name
from storyloom.adapters.redis.untold import UNTOLD, written
from storyloom.errors import StoryloomError
from storyloom.kit.clock import Clock
from storyloom.story.ports import Changed, KeptSession, version_of
from storyloom.story.schemas import SessionKey
from storyloom.story.telling import SessionTeller

INDEX = "storyloom:sessions"
SEEN = "storyloom:sessions:seen"
EXPECTED = "storyloom:sessions:expected"
LOOK_EVERY_S = 5.0
_EXPECTED_AT_MOST = 1000
_SCANNED_AT_ONCE = 1000
_SMALL = 64 * 1024
_WRONG_TYPE = "WRONGTYPE"
# The first who sees a text says since when it has been there; all others believe that. Nobody says
# it of a text that has been replaced since it was read: that would undo the note of the new one.
# KEYS: the notes, the untold
# ARGV: whose, the note, what was there when the text was read, id of an event, the event
_NOTE = """
local noted = redis.call('HGET', KEYS[1], ARGV[1]) or ''
if noted ~= ARGV[3] then return noted end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[4], ARGV[5])
return nil
"""
# KEYS: the session, the index, the notes, the untold
# ARGV: whose, id of an event, the event
_DELETE = """
local removed = redis.call('DEL', KEYS[1])
if removed == 0 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('HDEL', KEYS[3], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[2], ARGV[3])
return 1
"""
# The same, where another has removed it, or it has expired: whoever sees that first tells it.
_GONE = """
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
if redis.call('HDEL', KEYS[3], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[4], ARGV[2], ARGV[3])
return 1
"""
log = logging.getLogger(__name__)


class RedisSessionStore:
    """Keeps each session as plain JSON under `session:{timestamp}`, without an expiry.

    Others write there as well. So the version of a text is its digest, and since when it has been
    there is noted beside it by whoever sees it first; that one tells of it, too. Timestamps lie in a
    sorted set, into which those that others wrote are brought whenever somebody asks for a page.
    """

    name = "redis"

    def __init__(
        self,
        client: Redis,
        clock: Clock,
        invalidations: Invalidations,
        teller: SessionTeller | None = None,
    ) -> None:
        """Take an open client, whose closing is its owner's part, and what says how changes are told."""
        self._client: Any = client
        self._clock = clock
        self._invalidations = invalidations
        self._teller = teller or SessionTeller(clock=clock)

    async def get(self, key: SessionKey, *, unless: str | None = None) -> KeptSession | None:
        """The session, or None."""
        seen_name, field = prefix_of(key.org_id) + SEEN, str(key.timestamp)
        with translated():
            # Together: what is noted has to be of the text that is read.
            async with self._client.pipeline(transaction=True) as asked:
                asked.get(session_name(key))
                asked.hget(seen_name, field)
                found, seen = await asked.execute(raise_on_error=False)
            body = _text(found)
            if body is None:
                if seen is not None:
                    await self._remove(_GONE, key)
                return None
            version = await _version_of(body)
            updated_at = _read_note(seen, version) or await self._note(key, version, seen)
        return KeptSession(version, updated_at, None if version == unless else body)

    async def put(
        self, key: SessionKey, body: bytes, *, replacing: str | None, at: datetime
    ) -> bool:
        """Keep this text in place of that version, and leave an expiry that another has set."""
        name, prefix, version = session_name(key), prefix_of(key.org_id), await _version_of(body)
        with translated():
            async with self._client.pipeline(transaction=True) as change:
                await change.watch(name)
                there = await _text_at(change, name)
                if (None if there is None else await _version_of(there)) != replacing:
                    return False
                change.multi()
                change.set(name, body, keepttl=True)
                change.zadd(prefix + INDEX, {str(key.timestamp): key.timestamp})
                change.hset(prefix + SEEN, str(key.timestamp), f"{version} {at.isoformat()}")
                told = self._teller.changed(key, version, at)
                change.hset(UNTOLD, told.id, written(told))
                try:
                    await change.execute()
                except WatchError:
                    return False
        self._teller.tell(told)
        return True

    async def delete(self, key: SessionKey) -> bool:
        """Remove it, and what was noted of it."""
        with translated():
            is_removed = await self._remove(_DELETE, key)
            if not is_removed:
                await self._remove(_GONE, key)
        return is_removed

    async def page(self, org_id: str, *, limit: int, before: int | None) -> Sequence[int]:
        """Timestamps, the newest first. Those whose session is gone are struck off."""
        highest, prefix = "+inf" if before is None else f"({before}", prefix_of(org_id)
        with translated():
            await self._gather(org_id)
            while True:
                found: list[bytes] = await self._client.zrange(
                    prefix + INDEX,
                    *(highest, "-inf"),
                    desc=True,
                    byscore=True,
                    offset=0,
                    num=limit,
                )
                timestamps = [int(one) for one in found]
                gone = await self._gone(org_id, timestamps)
                if not gone:
                    return timestamps
                for timestamp in gone:
                    await self._remove(_GONE, SessionKey(org_id, timestamp))

    async def expect(self, key: SessionKey, *, expected: bool) -> None:
        """Look out for the prompts of this session."""
        name = session_name(key)
        with translated():
            if not expected:
                await self._client.zrem(EXPECTED, name)
                return
            async with self._client.pipeline(transaction=False) as change:
                change.zadd(EXPECTED, {name: round(self._clock.now().timestamp())})
                change.zremrangebyrank(EXPECTED, 0, -_EXPECTED_AT_MOST - 1)
                await change.execute()

    async def watch(self, changed: Changed) -> None:
        """Tell of what others write as soon as Redis does; runs for ever.

        Redis itself says which keys change, to those who ask it. What was missed while there was no
        connection is looked for among the sessions that lack prompts; and so it is every few
        seconds where Redis says nothing.
        """

        async def look(name: bytes) -> None:
            key = session_key(name)
            if key is not None:
                await changed(key)

        while True:
            try:
                async with self._invalidations.heard() as changes:
                    await self._look_at_expected(look)
                    async for names in changes:
                        for name in names:
                            await look(name)
            except StoryloomError as fault:
                log.debug("sessions are not watched: %s", fault)
            with suppress(StoryloomError):
                await self._look_at_expected(look)
            await anyio.sleep(LOOK_EVERY_S)

    async def _look_at_expected(self, look: Any) -> None:
        with translated():
            names: list[bytes] = await self._client.zrange(EXPECTED, 0, -1)
        for name in names:
            await look(name)

    async def _gather(self, org_id: str) -> None:
        """Bring the sessions that others wrote into the sorted set."""
        prefix = prefix_of(org_id)
        pattern, cursor = f"{prefix}{SESSION}*", 0
        found: dict[str, int] = {}
        while True:
            cursor, names = await self._client.scan(
                cursor, match=pattern, count=_SCANNED_AT_ONCE, _type="string"
            )
            keys = [session_key(name) for name in names]
            found |= {str(k.timestamp): k.timestamp for k in keys if k and k.org_id == org_id}
            if not cursor:
                break
        if found:
            await self._client.zadd(prefix + INDEX, found, nx=True)

    async def _gone(self, org_id: str, timestamps: Sequence[int]) -> list[int]:
        if not timestamps:
            return []
        async with self._client.pipeline(transaction=False) as asked:
            for timestamp in timestamps:
                asked.exists(session_name(SessionKey(org_id, timestamp)))
            there = await asked.execute()
        return [t for t, is_there in zip(timestamps, there, strict=True) if not is_there]

    async def _note(self, key: SessionKey, version: str, before: object) -> datetime:
        """Since when this text has been there; told of, where nobody has noted it yet."""
        now, name = self._clock.now(), prefix_of(key.org_id) + SEEN
        told = self._teller.changed(key, version, now)
        noted = await self._client.eval(
            _NOTE,
            2,
            *(name, UNTOLD, str(key.timestamp), f"{version} {now.isoformat()}"),
            *(before if isinstance(before, bytes) else b"", told.id, written(told)),
        )
        if noted is None:
            self._teller.tell(told)
        return _read_note(noted, version) or now

    async def _remove(self, script: str, key: SessionKey) -> bool:
        """Remove it, or what was noted of one that is gone; whether that is told."""
        prefix, told = prefix_of(key.org_id), self._teller.deleted(key)
        names = (session_name(key), prefix + INDEX, prefix + SEEN, UNTOLD)
        values = (str(key.timestamp), told.id, written(told))
        is_told = bool(await self._client.eval(script, len(names), *names, *values))
        if is_told:
            self._teller.tell(told)
        return is_told


@asynccontextmanager
async def open_session_store(
    url: str, clock: Clock, teller: SessionTeller | None = None
) -> AsyncGenerator[RedisSessionStore]:
    """Open the Redis at an address. It may be away, now and later; raises `Misconfigured`."""
    async with open_client(url) as client:
        yield RedisSessionStore(client, clock, Invalidations(url, (SESSION, "org:")), teller)


async def _text_at(client: Any, name: str) -> bytes | None:
    try:
        return _text(await client.get(name))
    except ResponseError as fault:
        return _text(fault)


def _text(found: object) -> bytes | None:
    """What lies there; nothing to be read where it is not even a text."""
    if isinstance(found, ResponseError) and str(found).startswith(_WRONG_TYPE):
        return b""
    if isinstance(found, Exception):
        raise found
    return cast("bytes | None", found)


async def _version_of(body: bytes) -> str:
    return version_of(body) if len(body) <= _SMALL else await to_thread.run_sync(version_of, body)


def _read_note(note: object, version: str) -> datetime | None:
    """Since when this version has been there, where that was noted."""
    text = note.decode("utf-8", "replace") if isinstance(note, bytes) else ""
    noted, _, at = text.partition(" ")
    if noted != version:
        return None
    try:
        return datetime.fromisoformat(at)
    except ValueError:
        return None
