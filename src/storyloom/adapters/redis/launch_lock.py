"""Who may launch SwarmUI, of all processes that share a Redis."""

import re
from typing import Any
from uuid import uuid4

from redis.asyncio import Redis

from storyloom.adapters.redis._faults import NONSENSE, translated
from storyloom.errors import Unavailable

PREFIX = "storyloom:swarmui:"
_PORT = re.compile(rb"[0-9]{1,5}")
_PORTS = range(1, 65536)
# Only the one who holds the claim gives it back: it may have run out, and be another's by now.
_RELEASE = "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end"


class RedisLaunchLock:
    """Three keys, each of which ends by itself: the claim, the last launch, and the port."""

    def __init__(self, client: Redis, place: str) -> None:
        """Take an open client, and which SwarmUI this is about."""
        self._client: Any = client
        self._holder = uuid4().hex
        self._claim = f"{PREFIX}{place}:claim"
        self._launch = f"{PREFIX}{place}:launch"
        self._port = f"{PREFIX}{place}:port"

    async def claim(self, for_s: float) -> bool:
        """Become the one who may launch."""
        return await self._take(self._claim, self._holder, for_s)

    async def release(self) -> None:
        """Let others."""
        with translated():
            await self._client.eval(_RELEASE, 1, self._claim, self._holder)

    async def spend(self, every_s: float) -> float:
        """Take the launch, or learn how long to wait."""
        if await self._take(self._launch, uuid4().hex, every_s):
            return 0.0
        with translated():
            left_ms = await self._client.pttl(self._launch)
        if not isinstance(left_ms, int):
            raise Unavailable(NONSENSE, system="redis")
        return max(left_ms, 1) / 1000

    async def publish(self, port: int, for_s: float) -> None:
        """Tell where it answers."""
        with translated():
            await self._client.set(self._port, str(port), px=_ms(for_s))

    async def published(self) -> int | None:
        """Where it answers."""
        with translated():
            told = await self._client.get(self._port)
        port = int(told) if isinstance(told, bytes) and _PORT.fullmatch(told) else 0
        return port if port in _PORTS else None

    async def withdraw(self) -> None:
        """Take back where it answered."""
        with translated():
            await self._client.delete(self._port)

    async def _take(self, key: str, token: str, for_s: float) -> bool:
        with translated():
            if await self._client.set(key, token, nx=True, px=_ms(for_s)):
                return True
            # The client sends a command again when its answer was lost; then the key is ours.
            return await self._client.get(key) == token.encode()


def _ms(seconds: float) -> int:
    return max(1, round(seconds * 1000))
