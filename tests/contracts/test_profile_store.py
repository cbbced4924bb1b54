"""What every store of profiles promises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.profile_store import SqlProfileStore
from storyloom.boards.schemas import Brand, Logo
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.storyboard.presets import IcpPreset
from storyloom.storyboard.profiles.ports import ProfileStore
from storyloom.storyboard.profiles.schemas import StoredProfile

AT = datetime(2026, 1, 1, tzinfo=UTC)
LOGO = Logo(
    picture=ImageRef(key="logos/a.png", media_type=MediaType.PNG, size_bytes=9, width=4, height=2),
    is_light=True,
)


def profile(key: str, name: str = "Ö 🚀", logo: Logo | None = None) -> StoredProfile:
    brand = Brand(name=name, logo=logo)
    words = {"trade": "solar"}
    icp = IcpPreset(key=key, name=name, description="", brand=brand, words=words)
    return StoredProfile(preset=icp, updated_at=AT)


@asynccontextmanager
async def in_memory(_: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    yield MemoryProfileStore()


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/presets.sqlite") as database:
        yield SqlProfileStore(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlProfileStore(database)


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    async with STORES[request.param](request) as opened:
        yield opened


async def test_each_organisation_has_its_own_by_name(store: ProfileStore) -> None:
    await store.put("acme", profile("b"))
    await store.put("acme", profile("a", logo=LOGO))
    await store.put("other", profile("a", "Theirs"))

    assert await store.list("acme") == [profile("a", logo=LOGO), profile("b")]
    assert await store.get("other", "a") == profile("a", "Theirs")
    assert await store.get("other", "b") is None
    assert await store.list("nobody") == []


async def test_the_last_one_of_a_name_is_kept_until_it_is_removed(store: ProfileStore) -> None:
    await store.put("acme", profile("a", "Old"))
    await store.put("acme", profile("a", "New"))

    assert await store.list("acme") == [profile("a", "New")]
    assert await store.delete("other", "a") is False
    assert await store.delete("acme", "a") is True
    assert await store.delete("acme", "a") is False
    assert await store.get("acme", "a") is None
