"""What every store of keys promises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from storyloom.access.ports import KeyStore
from storyloom.access.schemas import ApiKey, Scope, StoredKey
from storyloom.adapters.memory.key_store import MemoryKeyStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.key_store import SqlKeyStore
from storyloom.errors import Conflict

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOKYO = timezone(timedelta(hours=9))


@asynccontextmanager
async def in_memory(_request: pytest.FixtureRequest) -> AsyncGenerator[KeyStore]:
    yield MemoryKeyStore()


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[KeyStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/keys.sqlite") as database:
        yield SqlKeyStore(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[KeyStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlKeyStore(database)


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgres": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[KeyStore]:
    async with STORES[request.param](request) as opened:
        yield opened


def key(key_id: str = "one", *, org: str = "acme", **more: object) -> StoredKey:
    fields: dict[str, object] = {
        "id": key_id,
        "name": "for ü & 'quotes'",
        "org_id": org,
        "scopes": (Scope.GPU, Scope.STORIES),
        "created_at": NOON,
        "digest": "d" * 64,
    }
    return StoredKey.model_validate(fields | more)


def shown(stored: StoredKey) -> ApiKey:
    return ApiKey.model_validate(stored.model_dump(exclude={"digest", "prefix"}))


async def test_a_key_is_found_as_it_was_kept(store: KeyStore) -> None:
    full = key(expires_at=NOON + MINUTE, last_used_at=NOON, revoked_at=NOON)
    await store.add(full)
    await store.add(key("two", scopes=(Scope.ADMIN,)))

    assert await store.find("one") == full
    assert await store.find("two") == key("two", scopes=(Scope.ADMIN,))
    assert await store.find("nobody") is None


async def test_an_id_is_taken_once(store: KeyStore) -> None:
    await store.add(key())

    with pytest.raises(Conflict):
        await store.add(key(org="beta"))
    assert await store.find("one") == key()


async def test_the_newest_come_first_and_digests_stay(store: KeyStore) -> None:
    old, new = key("a"), key("c", created_at=NOON + MINUTE)
    foreign, same_time = key("b", org="beta", created_at=NOON - MINUTE), key("d")
    for one in (old, new, foreign, same_time):
        await store.add(one)

    assert await store.list(org_id=None, limit=9) == [
        shown(one) for one in (new, old, same_time, foreign)
    ]
    assert await store.list(org_id="acme", limit=2) == [shown(new), shown(old)]
    assert await store.list(org_id="beta", limit=9) == [shown(foreign)]
    assert await store.list(org_id="nobody", limit=9) == []
    assert "digest" not in dict((await store.list(org_id=None, limit=1))[0])


async def test_a_key_is_revoked_once_and_stays(store: KeyStore) -> None:
    await store.add(key())

    assert await store.revoke("one", org_id="acme", at=NOON)
    assert await store.revoke("one", org_id=None, at=NOON + MINUTE)

    assert await store.find("one") == key(revoked_at=NOON)


async def test_only_its_organisation_revokes_a_key(store: KeyStore) -> None:
    await store.add(key())

    assert not await store.revoke("one", org_id="beta", at=NOON)
    assert not await store.revoke("nobody", org_id=None, at=NOON)

    assert await store.find("one") == key()


async def test_the_last_use_only_moves_on(store: KeyStore) -> None:
    await store.add(key())

    await store.used("one", NOON + MINUTE)
    await store.used("one", NOON)
    await store.used("nobody", NOON)

    assert await store.find("one") == key(last_used_at=NOON + MINUTE)


async def test_the_same_instant_in_another_zone_is_the_same(store: KeyStore) -> None:
    await store.add(key(expires_at=(NOON + MINUTE).astimezone(TOKYO)))

    assert await store.exist(good_at=NOON)
    assert not await store.exist(good_at=(NOON + MINUTE).astimezone(TOKYO))


async def test_whether_there_is_a_key(store: KeyStore) -> None:
    assert not await store.exist()
    assert not await store.exist(good_at=NOON)

    await store.add(key(expires_at=NOON))
    assert await store.exist()
    assert not await store.exist(good_at=NOON)
    assert await store.exist(good_at=NOON - MINUTE)

    await store.add(key("two"))
    assert await store.exist(good_at=NOON)

    for key_id in ("one", "two"):
        await store.revoke(key_id, org_id=None, at=NOON)
    assert not await store.exist()
    assert not await store.exist(good_at=NOON)
