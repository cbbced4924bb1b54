"""Hot answers in Redis, which all processes see."""

from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeGuard, cast

import anyio
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NotConnected
from redis.maint_notifications import MaintNotificationsConfig

from storyloom.adapters.redis._faults import NONSENSE, translated
from storyloom.adapters.redis._gate import Gate
from storyloom.adapters.redis._shared_reads import SharedReads
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.ids import JobId

PREFIX = "storyboard:job:"
TTL_S = 3600
TIMEOUT_S = 0.5
PROBE_EVERY_S = 1.0
CONNECTIONS = 32
_AT_ONCE = 500
_OWED_AT_MOST = 10_000


class RedisHotJobs:
    """Keeps each answer under `storyboard:job:{job_id}` for an hour, as the bytes of its JSON.

    Redis may go away at any time, and what it shows after that must not be old news. A write that
    failed leaves an outdated answer behind; worse, a deletion that failed leaves a job that has
    ended as `processing`. So this process remembers for which jobs a write or a deletion failed, and
    deletes their answers before it asks Redis anything again; deleting is right in both cases,
    because the archive knows better. What this cannot cure, a process that was killed while it
    owed a deletion, or a write that was late on its way, is the part of the reader, who compares
    an answer with the archive when it is not fresh any more.
    """

    def __init__(self, client: Redis, *, probe_every_s: float = PROBE_EVERY_S) -> None:
        """Take an open client; closing it is its owner's part."""
        self._client: Any = client
        self._gate = Gate(self._recover, every_s=probe_every_s)
        self._reads = SharedReads(self._fetch)
        self._owed: dict[JobId, None] = {}

    async def put(self, job_id: JobId, body: bytes) -> None:
        """Keep the answer for an hour."""
        with self._owing(job_id), self._gate.passing():
            await self._client.set(PREFIX + job_id, body, ex=TTL_S)

    async def get(self, job_id: JobId) -> bytes | None:
        """The answer, or None when it has gone."""
        return await self._reads.get(PREFIX + job_id)

    async def delete(self, job_id: JobId) -> None:
        """Forget it, now or as soon as Redis is back."""
        with self._owing(job_id), self._gate.passing():
            await self._client.delete(PREFIX + job_id)

    async def ping(self) -> None:
        """Return when it can be written; raise `Unavailable` when it cannot."""
        with translated():
            await self._try_writing()

    async def used_bytes(self) -> int:
        """The memory that Redis says it uses."""
        with translated():
            used = (await self._client.info("memory")).get("used_memory")
        if not isinstance(used, int):
            raise Unavailable("Redis does not tell how much memory it uses.", system="redis")
        return used

    async def attend(self) -> None:
        """Find out when Redis is back, and make up for what it missed; runs for ever."""
        await self._gate.attend()

    async def _fetch(self, keys: Sequence[str]) -> Sequence[bytes | None]:
        with self._gate.passing():
            found = await self._client.mget(keys)
            # Within the gate: what answers like this is no Redis to go on asking.
            if not _is_answer(found, len(keys)):
                raise Unavailable(NONSENSE, system="redis")
            return found

    async def _recover(self) -> None:
        # Deletions first: a Redis that is full still takes them, and they make room.
        while self._owed:
            some = list(self._owed)[:_AT_ONCE]
            await self._client.delete(*(PREFIX + job_id for job_id in some))
            for job_id in some:
                self._owed.pop(job_id, None)
        await self._try_writing()

    async def _try_writing(self) -> None:
        # A write that changes nothing, for there is no such key. Reading alone would not show that
        # Redis is full or a replica.
        await self._client.set(f"{PREFIX}probe", b"", xx=True)

    @contextmanager
    def _owing(self, job_id: JobId) -> Generator[None]:
        """Owe the job a deletion, whatever stops the write: a fault, or the request's end."""
        try:
            yield
        except BaseException:
            self._owed[job_id] = None
            if len(self._owed) > _OWED_AT_MOST:
                del self._owed[next(iter(self._owed))]
            raise
        self._owed.pop(job_id, None)


@asynccontextmanager
async def open_hot_jobs(
    url: str, *, probe_every_s: float = PROBE_EVERY_S
) -> AsyncGenerator[RedisHotJobs]:
    """Open the Redis at an address. It may be away, now and later; raises `Misconfigured`."""
    async with Redis.from_pool(_pool(url)) as client, anyio.create_task_group() as tasks:
        hot = RedisHotJobs(client, probe_every_s=probe_every_s)
        tasks.start_soon(hot.attend)
        yield hot
        tasks.cancel_scope.cancel()


def _is_answer(found: object, keys: int) -> TypeGuard[list[bytes | None]]:
    if not isinstance(found, list):
        return False
    values = cast("list[object]", found)
    return len(values) == keys and all(one is None or isinstance(one, bytes) for one in values)


def _pool(url: str) -> BlockingConnectionPool:
    try:
        # Its options are not typed.
        return BlockingConnectionPool.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            max_connections=CONNECTIONS,
            timeout=TIMEOUT_S,
            socket_timeout=TIMEOUT_S,
            socket_connect_timeout=TIMEOUT_S,
            # Once more, for a connection that was cut while nobody used it; never after a time-out.
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
