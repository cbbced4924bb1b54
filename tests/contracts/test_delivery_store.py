"""What every store of deliveries promises."""

import re
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql import delivery_store as module
from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.delivery_turn import SqlDeliveryTurn
from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.kit.clock import SystemClock
from storyloom.webhooks.schemas import (
    ATTEMPTS_KEPT,
    DeliveryStatus,
    Outcome,
    WholeDelivery,
)
from tests.contracts.test_webhook_store import DATABASES
from tests.webhooks.made import MINUTE, NOON, attempt, delivery, webhook

A = webhook("a").id
HAS_FAILED = Outcome(attempt(answer="no ü", error=None), DeliveryStatus.PENDING, NOON + MINUTE)
BACKLOG = 5000
IS_DONE = Outcome(attempt(204), DeliveryStatus.DELIVERED)


@pytest.fixture(params=DATABASES)
async def database(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncEngine]:
    async with DATABASES[request.param](request) as opened:
        yield opened


@pytest.fixture
async def store(database: AsyncEngine) -> SqlDeliveryStore:
    """With three webhooks, of which one is disabled."""
    webhooks = SqlWebhookStore(database)
    await webhooks.add(webhook("a"))
    await webhooks.add(webhook("b", org="beta"))
    await webhooks.add(webhook("c", enabled=False))
    await SqlDeliveryTurn(database, SystemClock()).take("me", ttl_s=60)
    return SqlDeliveryStore(database)


async def found(store: SqlDeliveryStore, name: str = "1") -> WholeDelivery:
    one = await store.find(A, delivery(name).id)
    assert one is not None
    return one


async def due(store: SqlDeliveryStore, at: datetime = NOON, **more: Any) -> Sequence[str]:
    usual: dict[str, Any] = {"each": 10, "limit": 100}
    return [one.id[4] for one in await store.due(at, **(usual | more))]


async def test_a_delivery_comes_back_as_it_was_kept(store: SqlDeliveryStore) -> None:
    kept = delivery(attempts=(attempt(answer="ü"), attempt(None, error="why")), tries=2)
    await store.add(kept)

    assert await store.find(A, kept.id) == kept
    assert await store.find(webhook("b").id, kept.id) is None
    assert await store.find(A, delivery("2").id) is None


async def test_what_is_handed_out_twice_is_there_once(store: SqlDeliveryStore) -> None:
    assert await store.hand_out([delivery("1"), delivery("2")], holder="me", upto=5)
    await store.record(delivery("1").id, IS_DONE)
    assert await store.hand_out([delivery("1"), delivery("3")], holder="me", upto=6)

    assert (await found(store)).status is DeliveryStatus.DELIVERED
    assert await due(store) == ["2", "3"]


async def test_nothing_is_handed_out_in_anothers_turn(store: SqlDeliveryStore) -> None:
    assert not await store.hand_out([delivery("1")], holder="another", upto=5)

    assert await store.page(A, limit=10) == []


async def test_what_is_due_goes_to_all_by_turns(store: SqlDeliveryStore) -> None:
    for name in "123":
        await store.add(delivery(name, next_attempt_at=NOON - int(name) * MINUTE))
    await store.add(delivery("8", of="b"))
    await store.add(delivery("9", of="c"))
    await store.add(delivery("4", next_attempt_at=NOON + MINUTE))
    await store.add(delivery("5", status=DeliveryStatus.FAILED, next_attempt_at=None))

    assert await due(store) == ["3", "8", "2", "1"]
    assert await due(store, limit=2) == ["3", "8"]
    assert await due(store, each=1) == ["3", "8"]
    assert await due(store, each=1, busy=[delivery("3").id]) == ["2", "8"]
    assert await due(store, full=[A]) == ["8"]
    assert await due(store, NOON + MINUTE) == ["3", "8", "2", "1", "4"]


async def test_a_backlog_of_one_webhook_is_not_read(
    store: SqlDeliveryStore, database: AsyncEngine
) -> None:
    waiting = [
        delivery(f"{n:024}", next_attempt_at=NOON - timedelta(seconds=n // 500))
        for n in range(BACKLOG)
    ]
    await store.hand_out(waiting, holder="me", upto=5)
    await store.add(delivery("8", of="b"))
    async with database.connect() as connection:
        await connection.exec_driver_sql("ANALYZE storyloom_webhook_deliveries")

    first = await store.due(NOON, each=4, limit=64, busy=[waiting[-BACKLOG % 500].id])

    assert len(first) == 5
    assert first[1].id == delivery("8", of="b").id
    assert first[0].id == waiting[BACKLOG - 500].id
    plan = await plan_of_due(database)
    assert "idx_storyloom_webhook_deliveries_unsent" in plan
    # In the order of the index: only those of one instant are sorted.
    assert re.search(r"Presorted Key|(RIGHT PART|LAST TERM) OF ORDER BY", plan)


async def plan_of_due(database: AsyncEngine) -> str:
    """How the database looks for what is due."""
    query, how = module._first_due(NOON, 4, []), "EXPLAIN QUERY PLAN"
    if database.dialect.name == "sqlite":
        query = query.where(module.t.c.webhook_id == A)
    else:
        query, how = module._by_turns(query, [module.webhooks.c.enabled]), "EXPLAIN"
    words = str(query.compile(database.sync_engine, compile_kwargs={"literal_binds": True}))
    async with database.connect() as connection:
        steps = await connection.exec_driver_sql(f"{how} {words}")
        return "\n".join(str(step[-1]) for step in steps)


async def test_an_attempt_is_noted(store: SqlDeliveryStore) -> None:
    await store.add(delivery())

    await store.record(delivery().id, HAS_FAILED)
    await store.record(delivery("7").id, HAS_FAILED)

    assert await found(store) == delivery().after(HAS_FAILED)
    assert (await found(store)).tries == 1
    assert await due(store) == []
    assert await due(store, NOON + MINUTE) == ["1"]


async def test_one_that_was_delivered_stays_so(store: SqlDeliveryStore) -> None:
    await store.add(delivery())
    await store.record(delivery().id, IS_DONE)

    await store.record(delivery().id, HAS_FAILED)

    now = await found(store)
    assert (now.status, now.next_attempt_at) == (DeliveryStatus.DELIVERED, None)
    assert now.attempts == (IS_DONE.attempt, HAS_FAILED.attempt)


async def test_the_last_attempts_are_kept(store: SqlDeliveryStore) -> None:
    await store.add(delivery(attempts=tuple(attempt(500 + n) for n in range(ATTEMPTS_KEPT))))

    await store.record(delivery().id, IS_DONE)

    kept = [one.status_code for one in (await found(store)).attempts]
    assert kept == [*range(501, 500 + ATTEMPTS_KEPT), 204]


async def test_pages_begin_with_the_newest(store: SqlDeliveryStore) -> None:
    for name, minutes in (("1", 0), ("2", 1), ("3", 1), ("4", 2)):
        await store.add(delivery(name, created_at=NOON + minutes * MINUTE))
    await store.add(delivery("8", of="b"))
    await store.record(delivery("2").id, IS_DONE)

    first = await store.page(A, limit=2)
    rest = await store.page(A, limit=9, before=first[-1])
    delivered = await store.page(A, limit=9, status=DeliveryStatus.DELIVERED)

    assert [one.id[4] for one in first] == ["4", "3"]
    assert [one.id[4] for one in rest] == ["2", "1"]
    assert [one.id[4] for one in delivered] == ["2"]


async def test_one_is_sent_again(store: SqlDeliveryStore) -> None:
    await store.add(delivery())
    await store.record(delivery().id, IS_DONE)
    later = NOON + MINUTE

    again = await store.again(A, delivery().id, later)

    assert again is not None
    assert again == await found(store)
    assert again.status is DeliveryStatus.PENDING
    assert (again.tries, again.next_attempt_at) == (0, later)
    assert again.attempts == (IS_DONE.attempt,)
    assert await store.again(webhook("b").id, delivery().id, later) is None
    assert await due(store, later) == ["1"]


async def test_old_ones_are_forgotten(store: SqlDeliveryStore) -> None:
    await store.add(delivery("1"))
    await store.add(delivery("2", created_at=NOON + MINUTE))
    await store.add(delivery("3", next_attempt_at=None))
    await store.add(delivery("4", next_attempt_at=NOON + MINUTE))

    assert await store.forget(before=NOON + MINUTE) == 2
    assert [one.id[4] for one in await store.page(A, limit=9)] == ["2", "4"]


async def test_a_long_past_is_forgotten_batch_by_batch(
    store: SqlDeliveryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    for name in "12345":
        await store.add(delivery(name))

    assert await store.forget(before=NOON + MINUTE) == 5
    assert await store.page(A, limit=9) == []
