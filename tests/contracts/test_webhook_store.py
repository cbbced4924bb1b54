"""What every store of webhooks promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.webhooks.schemas import Secret, StoredWebhook
from tests.webhooks.made import MINUTE, NOON, delivery, webhook


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncEngine]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/hooks.sqlite") as database:
        yield database


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncEngine]:
    async with open_database(request.getfixturevalue("postgres_with_tables")) as database:
        yield database


DATABASES = {"sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=DATABASES)
async def database(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncEngine]:
    async with DATABASES[request.param](request) as opened:
        yield opened


@pytest.fixture
def store(database: AsyncEngine) -> SqlWebhookStore:
    return SqlWebhookStore(database)


async def test_a_webhook_comes_back_as_it_was_kept(store: SqlWebhookStore) -> None:
    kept = webhook(enabled=False, disabled_reason="gone")
    await store.add(kept)

    assert await store.find("acme", kept.id) == kept
    assert await store.find("beta", kept.id) is None
    assert await store.find("acme", webhook("b").id) is None


async def test_the_newest_come_first_and_only_ones_own(store: SqlWebhookStore) -> None:
    await store.add(webhook("a"))
    await store.add(webhook("b", created_at=NOON + MINUTE))
    await store.add(webhook("c", org="beta"))

    assert [one.id[-1] for one in await store.list("acme")] == ["b", "a"]
    assert await store.list("nobody") == []


async def test_those_that_are_enabled_are_of_all_organisations(store: SqlWebhookStore) -> None:
    await store.add(webhook("a"))
    await store.add(webhook("b", enabled=False))
    await store.add(webhook("c", org="beta"))

    assert {one.id[-1] for one in await store.enabled()} == {"a", "c"}


async def test_a_change_is_kept(store: SqlWebhookStore) -> None:
    await store.add(webhook())
    new = (Secret("whsec_new"), Secret("whsec_old", NOON))

    changed = await store.change(
        "acme", webhook().id, lambda one: one.model_copy(update={"secrets": new, "enabled": False})
    )

    assert changed == webhook(secrets=new, enabled=False)
    assert await store.find("acme", webhook().id) == changed


async def test_what_is_anothers_is_not_changed(store: SqlWebhookStore) -> None:
    await store.add(webhook())

    assert await store.change("beta", webhook().id, lambda _: webhook("z")) is None
    assert await store.find("acme", webhook().id) == webhook()


async def test_changes_at_the_same_time_do_not_undo_each_other(store: SqlWebhookStore) -> None:
    await store.add(webhook(after_seq=0))

    def more(one: StoredWebhook) -> StoredWebhook:
        return one.model_copy(update={"after_seq": one.after_seq + 1})

    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(store.change("acme", webhook().id, more))

    found = await store.find("acme", webhook().id)
    assert found is not None
    assert found.after_seq == 8


async def test_a_webhook_goes_with_its_deliveries(
    store: SqlWebhookStore, database: AsyncEngine
) -> None:
    deliveries = SqlDeliveryStore(database)
    await store.add(webhook("a"))
    await store.add(webhook("b"))
    await deliveries.add(delivery("1"))
    await deliveries.add(delivery("2", of="b"))

    assert not await store.remove("beta", webhook().id)
    assert await store.remove("acme", webhook().id)

    assert not await store.remove("acme", webhook().id)
    assert await deliveries.page(webhook("a").id, limit=10) == []
    assert len(await deliveries.page(webhook("b").id, limit=10)) == 1
    assert await deliveries.due(NOON + timedelta(days=1), each=9, limit=9) != []
