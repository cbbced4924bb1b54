"""What every store of an organisation's defaults promises."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storyloom.adapters.memory.config_store import MemoryConfigStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.config_store import SqlConfigStore
from storyloom.automation.runs.config import QuietHours, RunConfig
from storyloom.automation.runs.ports import ConfigStore

QUIET = QuietHours.model_validate({"start": "22:00", "end": "07:00", "timezone": "Europe/Berlin"})
CHOSEN = RunConfig(
    enabled=True, style="a \x00 🚀", parameters={"steps": 20, "x": [1.5, None]}, quiet_hours=QUIET
)


@asynccontextmanager
async def in_memory(_: pytest.FixtureRequest) -> AsyncGenerator[ConfigStore]:
    yield MemoryConfigStore()


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[ConfigStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/runs.sqlite") as database:
        yield SqlConfigStore(database)


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[ConfigStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlConfigStore(database)


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[ConfigStore]:
    async with STORES[request.param](request) as opened:
        yield opened


async def test_who_has_chosen_nothing_has_none(store: ConfigStore) -> None:
    assert await store.get("acme") is None


async def test_what_was_chosen_last_comes_back_for_its_organisation_alone(
    store: ConfigStore,
) -> None:
    await store.put("acme", RunConfig())
    await store.put("other", RunConfig(images_per_prompt=3))
    await store.put("acme", CHOSEN)

    assert await store.get("acme") == CHOSEN
    assert await store.get("other") == RunConfig(images_per_prompt=3)
