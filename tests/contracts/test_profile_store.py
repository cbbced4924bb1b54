"""What every store of profiles promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from storyloom.adapters.memory.profile_store import MemoryProfileStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._tables import old_logos, presets
from storyloom.adapters.sql.profile_store import SqlProfileStore
from storyloom.boards.schemas import Brand, Logo
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.kit.clock import ManualClock
from storyloom.storyboard.presets import IcpPreset
from storyloom.storyboard.profiles.ports import ProfileChange, ProfileEdit, ProfileStore
from storyloom.storyboard.profiles.schemas import StoredProfile

AT = datetime(2026, 1, 1, tzinfo=UTC)
LATER = datetime(2026, 1, 2, tzinfo=UTC)
CLOCK = ManualClock(AT)
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
    yield MemoryProfileStore(CLOCK)


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/presets.sqlite") as database:
        yield SqlProfileStore(database, CLOCK)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        async with database.begin() as connection:  # of tests before
            await connection.execute(sa.delete(presets))
            await connection.execute(sa.delete(old_logos))
        yield SqlProfileStore(database, CLOCK)


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[ProfileStore]:
    async with STORES[request.param](request) as opened:
        yield opened


def kept_as(profile: StoredProfile | None) -> ProfileEdit:
    return lambda _: profile


def described(text: str) -> ProfileEdit:
    """Adds a word to what is there: a change that is lost takes its word with it."""

    def edit(before: StoredProfile | None) -> StoredProfile:
        known = before or profile("a")
        told = f"{known.preset.description} {text}".strip()
        return known.model_copy(
            update={"preset": known.preset.model_copy(update={"description": told})}
        )

    return edit


async def test_each_organisation_has_its_own_by_name(store: ProfileStore) -> None:
    await store.change("acme", "b", kept_as(profile("b")))
    await store.change("acme", "a", kept_as(profile("a", logo=LOGO)))
    await store.change("other", "a", kept_as(profile("a", "Theirs")))

    assert await store.list("acme") == [profile("a", logo=LOGO), profile("b")]
    assert await store.get("other", "a") == profile("a", "Theirs")
    assert await store.get("other", "b") is None
    assert await store.list("nobody") == []


async def test_a_change_tells_what_was_and_what_is(store: ProfileStore) -> None:
    old, new = profile("a", "Old"), profile("a", "New")

    assert await store.change("acme", "a", kept_as(old)) == (None, old)
    assert await store.change("acme", "a", kept_as(new)) == (old, new)
    assert await store.change("acme", "a", kept_as(new)) == (new, new)
    assert await store.list("acme") == [new]
    assert await store.change("other", "a", kept_as(None)) == (None, None)
    assert await store.change("acme", "a", kept_as(None)) == (new, None)
    assert await store.get("acme", "a") is None


async def test_what_an_edit_refuses_changes_nothing(store: ProfileStore) -> None:
    def refuse(before: StoredProfile | None) -> StoredProfile | None:
        raise KeyError(before and before.preset.key)

    await store.change("acme", "a", kept_as(profile("a")))

    with pytest.raises(KeyError, match="a"):
        await store.change("acme", "a", refuse)
    assert await store.get("acme", "a") == profile("a")


async def test_nothing_is_lost_when_many_change_one_profile(store: ProfileStore) -> None:
    words = [f"w{number}" for number in range(12)]

    async with asyncio.TaskGroup() as tasks:
        for word in words:
            tasks.create_task(store.change("acme", "a", described(word)))

    found = await store.get("acme", "a")
    assert found is not None
    assert sorted(found.preset.description.split()) == sorted(words)


async def test_of_many_who_have_seen_the_same_one_is_kept(store: ProfileStore) -> None:
    won: list[ProfileChange] = []
    lost: list[str] = []

    async def write(name: str, seen: StoredProfile) -> None:
        def edit(before: StoredProfile | None) -> StoredProfile | None:
            if before != seen:
                raise LookupError
            return profile("a", name)

        try:
            won.append(await store.change("acme", "a", edit))
        except LookupError:
            lost.append(name)

    # From the second round on there are connections, and all are equally fast.
    for number in range(5):
        seen = profile("a", f"Old {number}")
        await store.change("acme", "a", kept_as(seen))
        async with asyncio.TaskGroup() as tasks:
            for one in range(8):
                tasks.create_task(write(f"New {number} {one}", seen))

        assert (len(won), len(lost)) == (number + 1, 7 * (number + 1))
        assert await store.get("acme", "a") == won[-1].after


async def test_what_is_removed_meanwhile_is_not_brought_back(store: ProfileStore) -> None:
    seen = profile("a")

    def again(before: StoredProfile | None) -> StoredProfile | None:
        return None if before is None else before.model_copy(update={"updated_at": LATER})

    for _ in range(8):
        await store.change("acme", "a", kept_as(seen))
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(store.change("acme", "a", again))
            tasks.create_task(store.change("acme", "a", kept_as(None)))

        assert await store.get("acme", "a") is None


def named(key: str) -> Logo:
    return LOGO.model_copy(update={"picture": LOGO.picture.model_copy(update={"key": key})})


async def test_logos_that_are_laid_aside_are_noted_until_they_are_forgotten(
    store: ProfileStore,
) -> None:
    for org in ("acme", "other"):
        await store.change(org, "a", kept_as(profile("a", logo=named(f"{org}/1"))))
    await store.change("acme", "a", kept_as(profile("a", "New", named("acme/1"))))
    assert await store.laid_aside(before=LATER) == []

    await store.change("acme", "a", kept_as(profile("a", logo=named("acme/2"))))
    await store.change("acme", "a", kept_as(profile("a")))
    await store.change("other", "a", kept_as(None))
    await store.change("other", "a", kept_as(None))

    assert sorted(await store.laid_aside(before=LATER)) == ["acme/1", "acme/2", "other/1"]
    assert await store.laid_aside(before=AT) == []
    await store.forget_logo("acme/1")
    await store.forget_logo("acme/1")
    assert sorted(await store.laid_aside(before=LATER)) == ["acme/2", "other/1"]


async def test_a_logo_that_a_profile_still_names_is_not_laid_aside(store: ProfileStore) -> None:
    """Releases before named logos by their content, so two profiles may have the same."""
    for key in ("a", "b"):
        await store.change("acme", key, kept_as(profile(key, logo=LOGO)))

    await store.change("acme", "a", kept_as(None))
    assert await store.laid_aside(before=LATER) == []
    await store.change("acme", "b", kept_as(profile("b")))
    assert await store.laid_aside(before=LATER) == ["logos/a.png"]


async def test_what_an_edit_refuses_lays_nothing_aside(store: ProfileStore) -> None:
    def refuse(before: StoredProfile | None) -> StoredProfile | None:
        raise KeyError(before and before.preset.key)

    await store.change("acme", "a", kept_as(profile("a", logo=LOGO)))

    with pytest.raises(KeyError, match="a"):
        await store.change("acme", "a", refuse)
    assert await store.laid_aside(before=LATER) == []
