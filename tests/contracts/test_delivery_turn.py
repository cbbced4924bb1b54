"""What decides whose turn it is to deliver promises."""

import asyncio
from collections.abc import AsyncGenerator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.delivery_turn import SqlDeliveryTurn
from storyloom.kit.clock import SystemClock
from tests.contracts.test_webhook_store import DATABASES


@pytest.fixture(params=DATABASES)
async def database(request: pytest.FixtureRequest) -> AsyncGenerator[AsyncEngine]:
    async with DATABASES[request.param](request) as opened:
        yield opened


@pytest.fixture
def turn(database: AsyncEngine) -> SqlDeliveryTurn:
    return SqlDeliveryTurn(database, SystemClock())


async def test_one_at_a_time_has_it(turn: SqlDeliveryTurn) -> None:
    assert await turn.take("one", ttl_s=60) == 0
    assert await turn.take("two", ttl_s=60) is None
    assert await turn.take("one", ttl_s=60) == 0


async def test_of_many_who_ask_at_once_one_gets_it(turn: SqlDeliveryTurn) -> None:
    async with asyncio.TaskGroup() as tasks:
        asked = [tasks.create_task(turn.take(f"holder {n}", ttl_s=60)) for n in range(8)]

    assert [one.result() for one in asked].count(0) == 1


async def test_it_is_given_back(turn: SqlDeliveryTurn) -> None:
    await turn.take("one", ttl_s=60)
    await turn.give_back("two")
    assert await turn.take("two", ttl_s=60) is None

    await turn.give_back("one")

    assert await turn.take("two", ttl_s=60) == 0


async def test_whoever_does_not_keep_it_loses_it(turn: SqlDeliveryTurn) -> None:
    await turn.take("one", ttl_s=0.01)
    await asyncio.sleep(0.05)

    assert await turn.take("two", ttl_s=60) == 0
    assert await turn.take("one", ttl_s=60) is None


async def test_the_next_one_goes_on_from_the_same_place(
    turn: SqlDeliveryTurn, database: AsyncEngine
) -> None:
    store = SqlDeliveryStore(database)
    await turn.take("one", ttl_s=60)
    assert await store.hand_out([], holder="one", upto=7)
    await turn.give_back("one")

    assert await turn.take("two", ttl_s=60) == 7
    assert not await store.hand_out([], holder="one", upto=9)
    assert await turn.take("two", ttl_s=60) == 7
