"""Events of what Redis keeps: beside it, until the log has them."""

import logging
from collections.abc import AsyncGenerator, Collection, Sequence
from contextlib import asynccontextmanager
from typing import Any

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from storyloom.adapters.redis._client import open_client
from storyloom.adapters.redis._faults import translated
from storyloom.events.schemas import Draft

# Of all organisations: events that their log may not have yet, by their ids. It was made for those of
# notifications; under another name, an older version beside this one, or after it, would not tell them.
UNTOLD = "storyloom:notifications:untold"
# One version wrote here: what it left is told too.
ALSO = "storyloom:events:untold"
_DRAFT = TypeAdapter(Draft)
log = logging.getLogger(__name__)


class RedisUntold:
    """A hash, into which stores put an event by the same script as what it tells of."""

    def __init__(self, client: Redis) -> None:
        """Take an open client; closing it is its owner's part."""
        self._client: Any = client

    async def untold(self, *, limit: int) -> Sequence[Draft]:
        """Some of them; the log may have them by now."""
        found: list[Draft] = []
        with translated():
            for key in (UNTOLD, ALSO):
                # To its end if need be: where many were struck off, the beginning of a hash is empty.
                async for name, body in self._client.hscan_iter(key, count=limit):
                    if (draft := _read(name, body)) is not None:
                        found.append(draft)
                    if len(found) == limit:
                        return found
        return found

    async def strike_off(self, names: Collection[str]) -> None:
        """The log has these."""
        with translated():
            for key in (UNTOLD, ALSO):
                await self._client.hdel(key, *names)


@asynccontextmanager
async def open_untold(url: str) -> AsyncGenerator[RedisUntold]:
    """Open the Redis at an address. It may be away, now and later; raises `Misconfigured`."""
    async with open_client(url) as client:
        yield RedisUntold(client)


def written(draft: Draft) -> bytes:
    """As it lies there."""
    return _DRAFT.dump_json(draft)


def _read(name: bytes, body: bytes) -> Draft | None:
    """One that another version wrote, or another program, must not keep the others from being told."""
    try:
        return _DRAFT.validate_json(body)
    except ValidationError:
        log.warning("an event cannot be read, and is passed over: %r", name)
        return None
