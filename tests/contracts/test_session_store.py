"""What every store of sessions promises."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import copy
from pathlib import Path

import pytest

from storyloom.adapters.memory.session_store import MemorySessionStore
from storyloom.adapters.redis.session_store import open_session_store
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.session_store import SqlSessionStore
from storyloom.kit.clock import ManualClock
from storyloom.story.conditions import Condition
from storyloom.story.errors import SessionChanged
from storyloom.story.ports import KeptSession, SessionStore, version_of
from storyloom.story.schemas import MAX_NUMBER, SessionKey
from storyloom.story.state import StorySessions
from storyloom.story.telling import SessionTeller
from tests.story.samples import Listener, raw, session
from tests.storyboard.test_telling import Noted

KEY = SessionKey("default", 1738195200000)
BODY = '{"timestamp": 1738195200000, "scriptText": "ünï 🚀 \\ud83d \\u0000"}'.encode()


@pytest.fixture
def noted() -> Noted:
    return Noted()


def teller(request: pytest.FixtureRequest) -> SessionTeller:
    return SessionTeller(request.getfixturevalue("noted"), request.getfixturevalue("clock"))


@asynccontextmanager
async def in_memory(request: pytest.FixtureRequest) -> AsyncGenerator[SessionStore]:
    yield MemorySessionStore(teller(request))


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[SessionStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield SqlSessionStore(database, teller(request))


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[SessionStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlSessionStore(database, teller(request))


@asynccontextmanager
async def in_redis(request: pytest.FixtureRequest) -> AsyncGenerator[SessionStore]:
    url: str = request.getfixturevalue("redis_url")
    async with open_session_store(url, request.getfixturevalue("clock"), teller(request)) as store:
        yield store


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres, "redis": in_redis}


@pytest.fixture(params=STORES)
def store_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
async def store(store_name: str, request: pytest.FixtureRequest) -> AsyncGenerator[SessionStore]:
    async with STORES[store_name](request) as opened:
        yield opened


def test_it_says_where_sessions_lie(store: SessionStore, store_name: str) -> None:
    assert store.name == store_name


async def test_a_session_comes_back_as_it_was_kept(store: SessionStore, clock: ManualClock) -> None:
    assert await store.put(KEY, BODY, replacing=None, at=clock.now())

    kept = await store.get(KEY)

    assert kept is not None
    assert (kept.body, kept.version, kept.updated_at) == (BODY, version_of(BODY), clock.now())


async def test_an_unknown_session_is_none(store: SessionStore) -> None:
    assert await store.get(KEY) is None
    assert not await store.delete(KEY)


async def test_each_change_is_told_once_and_nothing_else_is(
    store: SessionStore, noted: Noted, clock: ManualClock
) -> None:
    other = SessionKey("acme", KEY.timestamp)
    assert await store.put(KEY, BODY, replacing=None, at=clock.now())
    assert not await store.put(KEY, b"{}", replacing=None, at=clock.now())
    assert not await store.put(KEY, b"{}", replacing=version_of(b"[]"), at=clock.now())
    assert await store.put(KEY, b"{}", replacing=version_of(BODY), at=clock.now())
    assert await store.put(KEY, BODY, replacing=version_of(b"{}"), at=clock.now())
    assert await store.put(other, b"{}", replacing=None, at=clock.now())
    await store.get(KEY)
    await store.page("default", limit=9, before=None)
    for _ in range(2):
        await store.delete(KEY)
    assert await store.get(KEY) is None

    revisions = [version_of(body)[:16] for body in (BODY, b"{}", BODY, b"{}")]
    assert noted.types == ["session.changed"] * 4 + ["session.deleted"]
    assert [draft.data.get("revision") for draft in noted.drafts] == [*revisions, None]
    assert [draft.org_id for draft in noted.drafts] == ["default"] * 3 + ["acme", "default"]
    assert {(d.subject.kind, d.subject.id, d.at) for d in noted.drafts} == {
        ("session", str(KEY.timestamp), clock.now())
    }
    assert len({draft.id for draft in noted.drafts}) == 5


@pytest.mark.parametrize("size", [10, 5_000_000])
async def test_a_known_version_comes_without_its_text(
    size: int, store: SessionStore, clock: ManualClock
) -> None:
    body = b'{"scriptText": "' + b"x" * size + b'"}'
    await store.put(KEY, body, replacing=None, at=clock.now())

    kept = await store.get(KEY, unless=version_of(body))
    other = await store.get(KEY, unless=version_of(b"{}"))

    assert kept is not None
    assert (kept.version, kept.body) == (version_of(body), None)
    assert other is not None
    assert other.body == body


async def test_only_the_version_that_was_read_is_replaced(
    store: SessionStore, clock: ManualClock
) -> None:
    await store.put(KEY, b"{}", replacing=None, at=clock.now())
    clock.advance(60)

    assert not await store.put(KEY, b"[1]", replacing=None, at=clock.now())
    assert not await store.put(KEY, b"[2]", replacing=version_of(b"[]"), at=clock.now())
    assert await store.put(KEY, b"[3]", replacing=version_of(b"{}"), at=clock.now())
    kept = await store.get(KEY)
    assert kept is not None
    assert (kept.body, kept.updated_at) == (b"[3]", clock.now())


async def test_what_is_gone_is_not_replaced(store: SessionStore, clock: ManualClock) -> None:
    await store.put(KEY, b"{}", replacing=None, at=clock.now())
    await store.delete(KEY)

    assert not await store.put(KEY, b"[]", replacing=version_of(b"{}"), at=clock.now())
    assert await store.get(KEY) is None


async def test_of_many_that_replace_the_same_version_one_does(
    store: SessionStore, clock: ManualClock
) -> None:
    await store.put(KEY, b"{}", replacing=None, at=clock.now())
    replaced: list[bool] = []

    async def replace(number: int) -> None:
        body = b"[%d]" % number
        done = await store.put(KEY, body, replacing=version_of(b"{}"), at=clock.now())
        replaced.append(done)

    async with asyncio.TaskGroup() as tasks:
        for number in range(12):
            tasks.create_task(replace(number))

    assert sum(replaced) == 1


@pytest.fixture
async def stores(
    store: SessionStore, store_name: str, request: pytest.FixtureRequest
) -> AsyncGenerator[list[SessionStore]]:
    """What two servers have of one store; in memory there is one server."""
    async with STORES[store_name](request) as other:
        yield [store, store if store_name == "memory" else other]


class ReadByAll:
    """A session that everybody has read before anybody writes it."""

    def __init__(self, readers: int) -> None:
        self._missing = readers
        self._all = asyncio.Event()

    def at(self, store: SessionStore) -> SessionStore:
        read = store.get

        async def get(key: SessionKey, *, unless: str | None = None) -> KeptSession | None:
            kept = await read(key, unless=unless)
            self._missing -= 1
            if self._missing <= 0:
                self._all.set()
            await self._all.wait()
            return kept

        seen = copy(store)
        seen.get = get
        return seen


async def test_of_many_who_save_over_one_version_one_does(
    stores: list[SessionStore], noted: Noted, clock: ManualClock
) -> None:
    read = await StorySessions(stores[0], Listener(), clock).save("default", raw(session()))
    together = ReadByAll(12)
    servers = [StorySessions(together.at(store), Listener(), clock) for store in stores]
    won: list[int] = []
    told: list[str | None] = []

    async def save(number: int) -> None:
        mine = raw(session(number=number))
        try:
            await servers[number % 2].save("default", mine, Condition(read.etag))
            won.append(number)
        except SessionChanged as refused:
            told.append(refused.etag)

    async with asyncio.TaskGroup() as tasks:
        for number in range(12):
            tasks.create_task(save(number))

    kept = [await one.whole("default", str(read.session_timestamp)) for one in servers]
    assert [json.loads(one.text)["number"] for one in kept] == won * 2
    assert told == [kept[0].etag] * 11
    assert noted.types == ["session.changed"] * 2


async def test_a_deleted_session_is_gone(store: SessionStore, clock: ManualClock) -> None:
    await store.put(KEY, BODY, replacing=None, at=clock.now())

    assert await store.delete(KEY)

    assert not await store.delete(KEY)
    assert await store.get(KEY) is None
    assert await store.page("default", limit=10, before=None) == []


async def test_pages_have_the_newest_first(store: SessionStore, clock: ManualClock) -> None:
    for timestamp in (5, 1, MAX_NUMBER, 3, 0):
        await store.put(SessionKey("default", timestamp), b"{}", replacing=None, at=clock.now())

    assert await store.page("default", limit=2, before=None) == [MAX_NUMBER, 5]
    assert await store.page("default", limit=2, before=5) == [3, 1]
    assert await store.page("default", limit=2, before=1) == [0]
    assert await store.page("default", limit=2, before=0) == []


ORGS = ("default", "acme", "acme:session:1", "org:acme", "*", "a b", "%2A", "storyloom")


async def test_organisations_do_not_see_each_other(store: SessionStore, clock: ManualClock) -> None:
    for number, org_id in enumerate(ORGS):
        body = b"[%d]" % number
        await store.put(SessionKey(org_id, 1), body, replacing=None, at=clock.now())
        await store.put(SessionKey(org_id, 10 + number), body, replacing=None, at=clock.now())

    await store.delete(SessionKey("default", 1))

    for number, org_id in enumerate(ORGS[1:], 1):
        kept = await store.get(SessionKey(org_id, 1))
        assert kept is not None
        assert kept.body == b"[%d]" % number
        assert await store.page(org_id, limit=10, before=None) == [10 + number, 1]
    assert await store.page("default", limit=10, before=None) == [10]
