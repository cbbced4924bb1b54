"""What every store of idempotency keys promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.idempotency_store import SqlIdempotencyStore
from storyloom.idempotency.ports import IdempotencyStore
from storyloom.idempotency.schemas import Finding, Found, KeptAnswer, KeyedRequest
from storyloom.kit.clock import SystemClock

REQUEST = KeyedRequest("acme", "d" * 64, "f" * 64)
OTHER = replace(REQUEST, fingerprint="e" * 64)
ANSWER = KeptAnswer(
    202, (("location", "/a"), ("set-cookie", "1"), ("set-cookie", "2")), b"\x00\xff"
)
LONG_S, SHORT_S, NO_TIME_S = 60.0, 0.05, 0.0


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[IdempotencyStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/keys.sqlite") as database:
        yield SqlIdempotencyStore(database, SystemClock())


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[IdempotencyStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlIdempotencyStore(database, SystemClock())


STORES = {"sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[IdempotencyStore]:
    async with STORES[request.param](request) as opened:
        yield opened


async def claim(
    store: IdempotencyStore,
    request: KeyedRequest = REQUEST,
    *,
    holder: str = "one",
    lease_s: float = LONG_S,
    keep_s: float = LONG_S,
) -> Found:
    return await store.claim(request, holder=holder, lease_s=lease_s, keep_s=keep_s)


async def claimed(store: IdempotencyStore, request: KeyedRequest, holder: str) -> Found:
    """Claim it as soon as it can be had."""
    end = monotonic() + 10
    while (found := await claim(store, request, holder=holder)).finding is not Finding.CLAIMED:
        assert monotonic() < end
        await asyncio.sleep(0.005)
    return found


async def test_of_many_one_gets_it(store: IdempotencyStore) -> None:
    found: list[Finding] = []

    async def try_it(holder: str) -> None:
        found.append((await claim(store, holder=holder)).finding)

    async with asyncio.TaskGroup() as tasks:
        for number in range(8):
            tasks.create_task(try_it(str(number)))

    assert sorted(found) == [Finding.CLAIMED, *[Finding.IN_FLIGHT] * 7]


async def test_an_answer_is_given_to_the_same_request_only(store: IdempotencyStore) -> None:
    await claim(store)
    await store.keep(REQUEST.digest, "one", ANSWER)

    assert await claim(store, holder="two") == Found(Finding.ANSWERED, answer=ANSWER)
    assert await claim(store, OTHER, holder="two") == Found(Finding.REUSED)
    assert (await claim(store, replace(REQUEST, digest="other"))).finding is Finding.CLAIMED


async def test_an_answer_may_have_no_body(store: IdempotencyStore) -> None:
    await claim(store)
    await store.keep(REQUEST.digest, "one", KeptAnswer(201, (), None))

    assert (await claim(store)).answer == KeptAnswer(201, (), None)


async def test_while_it_is_held_it_belongs_to_its_request(store: IdempotencyStore) -> None:
    await claim(store)

    assert await claim(store, holder="two") == Found(Finding.IN_FLIGHT)
    assert await claim(store, OTHER, holder="two") == Found(Finding.REUSED)


async def test_the_claim_of_the_dead_is_given_to_the_same_request(store: IdempotencyStore) -> None:
    first = await claim(store, lease_s=NO_TIME_S)
    reused = await claim(store, OTHER, holder="two")

    second = await claimed(store, REQUEST, "two")
    await store.keep(REQUEST.digest, "one", ANSWER)  # by whoever was only slow

    assert reused.finding is Finding.REUSED
    assert second.seed == first.seed
    assert (await claim(store, holder="three")).finding is Finding.IN_FLIGHT


async def test_a_renewed_claim_lasts(store: IdempotencyStore) -> None:
    await claim(store, lease_s=NO_TIME_S)

    await store.renew(["one", "unknown"], lease_s=LONG_S)

    assert (await claim(store, holder="two")).finding is Finding.IN_FLIGHT


async def test_what_was_freed_is_for_any_request_and_has_the_same_seed(
    store: IdempotencyStore,
) -> None:
    first = await claim(store)
    await store.free(REQUEST.digest, "another")
    held = await claim(store, holder="two")
    await store.free(REQUEST.digest, "one")

    second = await claim(store, OTHER, holder="two")

    assert held.finding is Finding.IN_FLIGHT
    assert second == Found(Finding.CLAIMED, first.seed)


async def test_what_was_withdrawn_is_as_if_it_had_never_been(store: IdempotencyStore) -> None:
    first = await claim(store)
    await store.withdraw(REQUEST.digest, "another")
    held = await claim(store, holder="two")
    await store.withdraw(REQUEST.digest, "one")

    second = await claim(store, OTHER, holder="two")

    assert held.finding is Finding.IN_FLIGHT
    assert second.finding is Finding.CLAIMED
    assert second.seed != first.seed


async def test_after_its_time_a_key_is_new(store: IdempotencyStore) -> None:
    first = await claim(store, keep_s=SHORT_S)
    await store.keep(REQUEST.digest, "one", ANSWER)

    second = await claimed(store, OTHER, "two")

    assert second.seed != first.seed
    assert await claim(store, holder="three") == Found(Finding.REUSED)


async def test_what_is_old_is_forgotten(store: IdempotencyStore) -> None:
    for number in range(3):
        request = replace(REQUEST, digest=str(number))
        await claim(store, request, holder=str(number), keep_s=NO_TIME_S)
    await claim(store)

    end, gone = monotonic() + 10, [await store.forget(limit=2)]
    while sum(gone) < 3:
        assert monotonic() < end
        gone.append(await store.forget(limit=2))

    assert max(gone) <= 2
    assert await store.forget(limit=2) == 0
    assert (await claim(store)).finding is Finding.IN_FLIGHT
