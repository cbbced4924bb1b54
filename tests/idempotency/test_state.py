"""Which answers are kept, and who holds a claim for how long."""

from collections.abc import AsyncGenerator, Collection
from pathlib import Path

import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.idempotency_store import SqlIdempotencyStore
from storyloom.errors import Unavailable
from storyloom.idempotency import state
from storyloom.idempotency.errors import (
    AnswerNotKept,
    IdempotencyInFlight,
    IdempotencyKeyReused,
)
from storyloom.idempotency.schemas import Claim, KeptAnswer, KeyedRequest
from storyloom.idempotency.state import KEEP_S, LEASE_S, IdempotencyKeys, keyed
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id, parse_job_id, promised_job_id, promising
from tests.until import until

ROUTE = ("POST", "/storyboard/code")
REQUEST = keyed("acme", ROUTE, "key", "f" * 64)
OTHER = keyed("acme", ROUTE, "key", "e" * 64)


class FaultyStore(SqlIdempotencyStore):
    """Does not answer while it is away."""

    is_away = False
    renewed = 0
    forgotten = 0

    async def renew(self, holders: Collection[str], *, lease_s: float) -> None:
        self.renewed += 1
        self._fail_if_away()
        await super().renew(holders, lease_s=lease_s)

    async def keep(self, digest: str, holder: str, answer: KeptAnswer) -> None:
        self._fail_if_away()
        await super().keep(digest, holder, answer)

    async def forget(self, *, limit: int) -> int:
        self.forgotten += 1
        self._fail_if_away()
        return await super().forget(limit=limit)

    def _fail_if_away(self) -> None:
        if self.is_away:
            raise Unavailable("Away.", system="database")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/keys.sqlite") as opened:
        yield opened


@pytest.fixture
def store(database: AsyncEngine, clock: ManualClock) -> FaultyStore:
    return FaultyStore(database, clock)


@pytest.fixture
def keys(store: FaultyStore) -> IdempotencyKeys:
    return IdempotencyKeys(store)


def answer(status: int) -> KeptAnswer:
    return KeptAnswer(status, (("content-type", "text/plain"),), b"done")


async def begun(keys: IdempotencyKeys, request: KeyedRequest = REQUEST) -> Claim:
    claim = await keys.begin(request)
    assert isinstance(claim, Claim)
    return claim


@pytest.mark.parametrize("status", [200, 201, 202, 204, 400, 413, 415, 422])
async def test_a_final_answer_is_given_again(status: int, keys: IdempotencyKeys) -> None:
    await keys.end(await begun(keys), answer(status))

    assert await keys.begin(REQUEST) == answer(status)
    with pytest.raises(IdempotencyKeyReused):
        await keys.begin(OTHER)


@pytest.mark.parametrize("status", [404, 409, 423, 429])
async def test_where_nothing_was_done_the_key_is_as_new(status: int, keys: IdempotencyKeys) -> None:
    first = await begun(keys)
    await keys.end(first, answer(status))

    assert (await begun(keys, OTHER)).seed != first.seed


@pytest.mark.parametrize("status", [500, 502, 503, None])
async def test_an_error_of_ours_frees_the_key_and_keeps_the_job(
    status: int | None, keys: IdempotencyKeys
) -> None:
    first = await begun(keys)
    await keys.end(first, None if status is None else answer(status))

    second = await begun(keys)

    assert second.job_id == first.job_id
    assert parse_job_id(second.job_id) == second.job_id


async def test_another_request_makes_another_job(keys: IdempotencyKeys) -> None:
    first = await begun(keys)
    await keys.end(first, None)

    assert (await begun(keys, OTHER)).job_id != first.job_id


async def test_an_answer_that_cannot_be_kept_is_not_made_again(keys: IdempotencyKeys) -> None:
    await keys.end(await begun(keys), KeptAnswer(201, (), None))

    with pytest.raises(AnswerNotKept):
        await keys.begin(REQUEST)


async def test_the_same_key_elsewhere_is_another(keys: IdempotencyKeys) -> None:
    await begun(keys)

    await begun(keys, keyed("beta", ROUTE, "key", "f" * 64))
    await begun(keys, keyed("acme", ("POST", "/storyboard/roadmap"), "key", "f" * 64))
    await begun(keys, keyed("acme", ROUTE, "another", "f" * 64))
    with pytest.raises(IdempotencyInFlight):
        await keys.begin(REQUEST)


async def test_a_process_holds_what_it_has_begun_for_as_long_as_it_lives(
    keys: IdempotencyKeys, store: FaultyStore, clock: ManualClock
) -> None:
    await begun(keys)
    clock.advance(LEASE_S - 1)
    await keys.renew()
    clock.advance(LEASE_S - 1)

    with pytest.raises(IdempotencyInFlight):
        await IdempotencyKeys(store).begin(REQUEST)
    clock.advance(2)
    await begun(IdempotencyKeys(store))


async def test_who_holds_nothing_renews_nothing(keys: IdempotencyKeys, store: FaultyStore) -> None:
    await keys.renew()
    await keys.end(await begun(keys), answer(200))
    await keys.renew()

    assert store.renewed == 0


async def test_an_answer_that_was_not_kept_leaves_a_claim_that_ends(
    keys: IdempotencyKeys,
    store: FaultyStore,
    clock: ManualClock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first = await begun(keys)
    store.is_away = True
    await keys.end(first, answer(202))
    await keys.renew()  # of what it holds no more, nothing
    clock.advance(LEASE_S + 1)

    second = await begun(keys)

    assert second.job_id == first.job_id
    assert "not kept" in caplog.text


async def test_an_answer_is_kept_for_a_day(keys: IdempotencyKeys, clock: ManualClock) -> None:
    first = await begun(keys)
    await keys.end(first, answer(202))
    clock.advance(KEEP_S - 1)
    kept = await keys.begin(REQUEST)
    clock.advance(2)

    assert kept == answer(202)
    assert (await begun(keys)).job_id != first.job_id


async def test_chores_outlive_an_outage(
    keys: IdempotencyKeys,
    store: FaultyStore,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(state, "_RENEW_EVERY_S", 0.001)
    monkeypatch.setattr(state, "_FORGET_EVERY_S", 0.001)
    monkeypatch.setattr(state, "_FORGET_AT_ONCE", 1)
    await begun(keys)
    store.is_away = True

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keys.renew_forever)
        tasks.start_soon(keys.forget_forever)
        await until(lambda: min(store.renewed, store.forgotten) > 3)
        store.is_away, seen = False, max(store.renewed, store.forgotten)
        await until(lambda: min(store.renewed, store.forgotten) > seen + 3)
        tasks.cancel_scope.cancel()

    assert "not renewed" in caplog.text
    assert "not forgotten" in caplog.text


async def test_old_keys_are_forgotten_batch_by_batch(
    keys: IdempotencyKeys,
    store: FaultyStore,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(state, "_FORGET_AT_ONCE", 1)
    for number in range(3):
        await begun(keys, keyed("acme", ROUTE, str(number), "f"))
    clock.advance(KEEP_S + 1)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(keys.forget_forever)
        await until(lambda: store.forgotten >= 4)
        tasks.cancel_scope.cancel()

    assert await store.forget(limit=10) == 0


def test_a_promised_id_is_for_the_first_job_alone() -> None:
    job_id = new_job_id()
    assert promised_job_id() is None

    with promising(job_id):
        taken = [promised_job_id(), promised_job_id()]
    with promising(job_id):
        pass

    assert taken == [job_id, None]
    assert promised_job_id() is None
