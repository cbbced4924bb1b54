"""Sessions in a real Redis, into which other services write."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest

from storyloom.adapters.redis import session_store
from storyloom.adapters.redis._client import open_client
from storyloom.adapters.redis._names import prefix_of, session_key, session_name
from storyloom.adapters.redis.session_store import RedisSessionStore, open_session_store
from storyloom.adapters.redis.untold import open_untold
from storyloom.errors import Misconfigured, Unavailable
from storyloom.kit.clock import ManualClock
from storyloom.story.ports import version_of
from storyloom.story.schemas import SessionKey
from storyloom.story.telling import SessionTeller
from tests.databases import redis_running
from tests.storyboard.test_telling import Noted
from tests.until import until

KEY = SessionKey("default", 1738195200000)
NAME = "session:1738195200000"
BODY = b'{"timestamp": 1738195200000}'


@asynccontextmanager
async def opened(
    url: str, clock: ManualClock, noted: Noted | None = None
) -> AsyncGenerator[RedisSessionStore]:
    async with open_session_store(url, clock, SessionTeller(noted, clock)) as store:
        yield store


@pytest.fixture
def noted() -> Noted:
    return Noted()


@pytest.fixture
async def store(
    redis_url: str, clock: ManualClock, noted: Noted
) -> AsyncGenerator[RedisSessionStore]:
    async with opened(redis_url, clock, noted) as store:
        yield store


async def test_it_lies_under_the_documented_key(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    await store.put(KEY, BODY, replacing=None, at=clock.now())
    await store.put(SessionKey("acme", 5), BODY, replacing=None, at=clock.now())

    assert other.get(NAME) == BODY
    assert other.get("org:acme:session:5") == BODY
    assert other.ttl(NAME) == -1


async def test_an_expiry_of_another_is_left(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    other.set(NAME, b"{}", ex=1000)
    kept = await store.get(KEY)
    assert kept is not None

    assert await store.put(KEY, BODY, replacing=kept.version, at=clock.now())

    assert 990 < int(str(other.ttl(NAME))) <= 1000


async def test_what_another_wrote_is_read_and_has_its_time(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    other.set(NAME, BODY)
    seen = clock.now()

    first = await store.get(KEY)
    clock.advance(60)
    second = await store.get(KEY)
    other.set(NAME, b"{}")
    third = await store.get(KEY)

    assert first is not None
    assert second is not None
    assert third is not None
    assert (first.body, first.updated_at, second.updated_at) == (BODY, seen, seen)
    assert (third.body, third.updated_at) == (b"{}", clock.now())


async def test_what_another_wrote_is_told_by_whoever_sees_it_first(
    store: RedisSessionStore, other: Any, noted: Noted, redis_url: str
) -> None:
    clock = ManualClock()
    async with opened(redis_url, clock, noted) as second, open_untold(redis_url) as untold:
        for body in (BODY, b"{}", BODY):
            other.set(NAME, body)
            for one in (store, second, store):
                await one.get(KEY)
            other.set(NAME, body)
            await second.get(KEY)
        revisions = [version_of(body)[:16] for body in (BODY, b"{}", BODY)]
        assert [draft.data["revision"] for draft in noted.drafts] == revisions

        other.delete(NAME)
        for one in (second, store, second):
            assert await one.get(KEY) is None
        assert noted.types == ["session.changed"] * 3 + ["session.deleted"]
        # What a process could not tell before it was killed is told by another.
        drafts = {draft.id: draft for draft in await untold.untold(limit=9)}
        assert drafts == {draft.id: draft for draft in noted.drafts}


async def test_one_that_is_gone_already_is_told_once_all_the_same(
    store: RedisSessionStore, other: Any, clock: ManualClock, noted: Noted
) -> None:
    for timestamp in (1, 2):
        key = SessionKey("default", timestamp)
        await store.put(key, BODY, replacing=None, at=clock.now())
        other.delete(session_name(key))
    other.set("session:3", BODY)
    noted.drafts.clear()

    assert not await store.delete(SessionKey("default", 1))
    for _ in range(2):
        assert await store.page("default", limit=9, before=None) == [3]
    other.delete("session:3")  # nobody has been told that it was there
    assert await store.page("default", limit=9, before=None) == []

    assert [(draft.type, draft.subject.id) for draft in noted.drafts] == [
        ("session.deleted", "1"),
        ("session.deleted", "2"),
    ]
    assert not other.exists(session_store.SEEN)


async def test_what_is_there_again_is_not_gone(
    store: RedisSessionStore, clock: ManualClock, noted: Noted, redis_url: str
) -> None:
    """Another has put it there, between the look and the word that there is none."""
    await store.put(KEY, BODY, replacing=None, at=clock.now())
    async with opened(redis_url, clock) as another:
        await another._client.delete(NAME)
        put = partial(another.put, KEY, b"{}", replacing=None, at=clock.now())
        store._client = Interrupted(store._client, put)

        assert await store.get(KEY) is None
        kept = await another.get(KEY)

    assert kept is not None
    assert noted.types == ["session.changed"]


class Interrupted:
    """A client to which something happens between reading a session and noting its time."""

    def __init__(self, client: Any, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._client = client
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    async def eval(self, *arguments: Any) -> Any:
        await self._meanwhile()
        return await self._client.eval(*arguments)


async def test_the_time_of_a_newer_text_is_not_lost(
    store: RedisSessionStore, other: Any, clock: ManualClock, redis_url: str
) -> None:
    other.set(NAME, BODY)
    async with opened(redis_url, clock) as another:
        put = partial(another.put, KEY, b"{}", replacing=version_of(BODY), at=clock.now())
        store._client = Interrupted(store._client, put)

        old = await store.get(KEY)
        was_put = clock.now()
        clock.advance(60)
        new = await another.get(KEY)

    assert old is not None
    assert new is not None
    assert (old.body, old.updated_at) == (BODY, was_put)
    assert (new.body, new.updated_at) == (b"{}", was_put)


async def test_a_note_that_makes_no_sense_is_written_anew(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    other.set(NAME, BODY)
    kept = await store.get(KEY)
    assert kept is not None
    other.hset(session_store.SEEN, "1738195200000", f"{kept.version} yesterday")
    clock.advance(60)

    again = await store.get(KEY)

    assert again is not None
    assert again.updated_at == clock.now()


async def test_a_write_of_another_between_reading_and_writing_is_not_lost(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    other.set(NAME, BODY)
    kept = await store.get(KEY)
    assert kept is not None
    other.set(NAME, b'{"prompts": 1}')

    assert not await store.put(KEY, b"{}", replacing=kept.version, at=clock.now())
    assert other.get(NAME) == b'{"prompts": 1}'


async def test_what_is_not_even_a_text_cannot_be_read(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    other.hset(NAME, "a", "b")

    kept = await store.get(KEY)

    assert kept is not None
    assert kept.body == b""
    assert await store.page("default", limit=5, before=None) == []
    assert not await store.put(KEY, BODY, replacing="other", at=clock.now())


async def test_sessions_of_others_are_in_the_pages(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    await store.put(SessionKey("default", 3), BODY, replacing=None, at=clock.now())
    for number in (7, 5, 2**60):
        other.set(f"session:{number}", BODY)
    for name in (
        "session:",
        "session:x",
        "session:007",
        "session:1:2",
        "sessions:4",
        "session:\u0664",
    ):
        other.set(name, BODY)
    other.set("org:acme:session:9", BODY)

    assert await store.page("default", limit=10, before=None) == [7, 5, 3]
    assert await store.page("default", limit=1, before=7) == [5]
    assert await store.page("acme", limit=10, before=None) == [9]
    await store.get(SessionKey("default", 5))
    other.delete("session:5")
    assert await store.page("default", limit=2, before=None) == [7, 3]
    assert not other.hexists(session_store.SEEN, "5")


def test_names_and_keys_fit_together() -> None:
    for org in ("default", "acme", "a:b", "a b", "*", "%3A", "org:acme"):
        key = SessionKey(org, 5)
        assert session_key(session_name(key).encode()) == key
    assert len({prefix_of(org) for org in ("a", "a:", "a%3A", "A")}) == 4
    for name in (b"org:default:session:5", b"org:a*:session:5", b"org::session:5", b"\xff"):
        assert session_key(name) is None


class Watched:
    """The sessions that a store tells of."""

    def __init__(self, store: RedisSessionStore) -> None:
        self._store = store
        self._told: asyncio.Queue[SessionKey] = asyncio.Queue()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Watched"]:
        async with asyncio.TaskGroup() as tasks, asyncio.timeout(60):
            task = tasks.create_task(self._store.watch(self._told.put))
            yield self
            task.cancel()

    async def until(self, key: SessionKey) -> None:
        while await self._told.get() != key:
            pass


async def until_tracked(other: Any) -> None:
    await until(lambda: other.pubsub_numsub("__redis__:invalidate")[0][1] > 0)


async def test_what_others_write_is_told_at_once(store: RedisSessionStore, other: Any) -> None:
    async with Watched(store).running() as watched:
        await until_tracked(other)
        other.mset({"session:junk": b"", "storyboard:job:1": b"", "org:acme:else": b""})
        other.set(NAME, BODY)
        await watched.until(KEY)
        other.append("org:acme:session:5", BODY)
        await watched.until(SessionKey("acme", 5))
        other.flushall()
        other.set("session:6", BODY)
        await watched.until(SessionKey("default", 6))


async def test_what_was_missed_is_looked_for(
    store: RedisSessionStore, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_store, "LOOK_EVERY_S", 0.01)
    await store.expect(KEY, expected=True)
    await store.expect(SessionKey("default", 5), expected=True)
    await store.expect(SessionKey("default", 5), expected=False)

    async with Watched(store).running() as watched:
        await watched.until(KEY)
        # Cut off, it looks again, and goes on.
        await until_tracked(other)
        other.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await watched.until(KEY)
        await until_tracked(other)
        other.set("session:6", BODY)
        await watched.until(SessionKey("default", 6))


async def test_a_redis_that_does_not_tell_is_looked_at(
    store: RedisSessionStore, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_store, "LOOK_EVERY_S", 0.01)
    other.execute_command("ACL", "SETUSER", "default", "-client")
    try:
        async with Watched(store).running() as watched:
            await store.expect(KEY, expected=True)
            await watched.until(KEY)
    finally:
        other.execute_command("ACL", "SETUSER", "default", "+client")


async def test_only_so_many_are_looked_out_for(
    store: RedisSessionStore, other: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_store, "_EXPECTED_AT_MOST", 2)
    for number in range(4):
        await store.expect(SessionKey("default", number), expected=True)

    assert other.zcard(session_store.EXPECTED) == 2


async def test_a_redis_that_is_away_is_unavailable(clock: ManualClock) -> None:
    with redis_running() as server:
        async with opened(server.url, clock) as store:
            await store.put(KEY, BODY, replacing=None, at=clock.now())
            server.stop()

            with pytest.raises(Unavailable):
                await store.get(KEY)
            with pytest.raises(Unavailable):
                await store.put(KEY, BODY, replacing=None, at=clock.now())
            server.start()
            assert await store.get(KEY) is None


async def test_an_error_of_redis_is_unavailable(
    store: RedisSessionStore, other: Any, clock: ManualClock
) -> None:
    other.execute_command("ACL", "SETUSER", "default", "-get")
    try:
        with pytest.raises(Unavailable):
            await store.get(KEY)
        with pytest.raises(Unavailable):
            await store.put(KEY, BODY, replacing=None, at=clock.now())
    finally:
        other.execute_command("ACL", "SETUSER", "default", "+get")


async def test_an_address_that_cannot_be_read_is_named(clock: ManualClock) -> None:
    with pytest.raises(Misconfigured, match="REDIS_URL"):
        async with open_client("redis://localhost:port"):
            pass
