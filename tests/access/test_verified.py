"""Requests with keys cost hardly any query, and a key that is revoked is refused soon."""

from datetime import timedelta

import anyio
import pytest

from storyloom.access import verified as module
from storyloom.access.keys import digest_of, new_id, new_key
from storyloom.access.schemas import Caller, Scope
from storyloom.access.state import KeyRing
from storyloom.access.verified import OPERATOR, VerifiedKeys
from storyloom.errors import NotAuthenticated, Unavailable
from storyloom.kit.clock import ManualClock
from tests.access.conftest import CountingStore, Settling, made


async def test_a_key_tells_who_calls(ring: KeyRing, verified: VerifiedKeys) -> None:
    key = await made(ring, Scope.GPU, org="acme")

    assert not verified.knows(key.key)
    assert await verified.caller(key.key) == Caller(key.id, "acme", frozenset({Scope.GPU}))
    assert verified.knows(key.key)


async def test_many_requests_cost_one_query(
    ring: KeyRing, store: CountingStore, verified: VerifiedKeys
) -> None:
    key = await made(ring)

    async with anyio.create_task_group() as tasks:
        for _ in range(50):
            tasks.start_soon(verified.caller, key.key)

    assert store.asked == 1


Parts = tuple[KeyRing, CountingStore, VerifiedKeys]


@pytest.fixture
def parts(ring: KeyRing, store: CountingStore, verified: VerifiedKeys) -> Parts:
    return ring, store, verified


async def test_a_key_in_use_is_asked_about_in_the_background(
    parts: Parts, clock: ManualClock, background: Settling
) -> None:
    ring, store, verified = parts
    key = await made(ring)
    await verified.caller(key.key)
    clock.advance(6)

    for _ in range(3):
        await verified.caller(key.key)
    assert store.asked == 1, "nobody waits for the answer"
    await background.settle()
    assert store.asked == 2, "and it is asked for once"

    clock.advance(4)
    await verified.caller(key.key)
    assert store.asked == 2


@pytest.mark.parametrize("idle_s", [5, 10, 86_400])
async def test_a_revoked_key_is_refused_within_ten_seconds(
    parts: Parts, clock: ManualClock, background: Settling, idle_s: float
) -> None:
    ring, _, verified = parts
    key = await made(ring)
    await verified.caller(key.key)
    await ring.revoke(key.id, org_id=None)

    clock.advance(idle_s)
    if idle_s < 10:
        await verified.caller(key.key)
        await background.settle()

    with pytest.raises(NotAuthenticated):
        await verified.caller(key.key)
    assert not verified.knows(key.key)


async def test_a_key_ends_on_time(
    ring: KeyRing, verified: VerifiedKeys, clock: ManualClock
) -> None:
    key = await made(ring, expires_at=clock.now() + timedelta(seconds=2))
    await verified.caller(key.key)

    clock.advance(2)

    with pytest.raises(NotAuthenticated):
        await verified.caller(key.key)


async def test_a_wrong_key_is_looked_up_once(
    ring: KeyRing, store: CountingStore, verified: VerifiedKeys
) -> None:
    key = await made(ring)
    wrong = new_key(key.id)

    for _ in range(3):
        with pytest.raises(NotAuthenticated):
            await verified.caller(wrong)
    with pytest.raises(NotAuthenticated):
        await verified.caller("no key at all")

    assert store.asked == 1
    assert (await verified.caller(key.key)).key_id == key.id


async def test_what_is_remembered_has_a_limit(
    ring: KeyRing, store: CountingStore, verified: VerifiedKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    keys = [await made(ring) for _ in range(3)]
    wrong = [new_key(new_id()) for _ in range(3)]

    for key in keys:
        await verified.caller(key.key)
    for text in wrong:
        with pytest.raises(NotAuthenticated):
            await verified.caller(text)

    assert [verified.knows(key.key) for key in keys] == [False, True, True]
    asked = store.asked
    with pytest.raises(NotAuthenticated):
        await verified.caller(wrong[2])
    assert store.asked == asked
    with pytest.raises(NotAuthenticated):
        await verified.caller(wrong[0])
    assert store.asked == asked + 1


async def test_an_outage_locks_nobody_out_who_was_in(
    ring: KeyRing, store: CountingStore, verified: VerifiedKeys, clock: ManualClock
) -> None:
    inside, outside = await made(ring), await made(ring)
    await verified.caller(inside.key)
    await verified.exist()
    store.is_away = True

    clock.advance(60)
    assert (await verified.caller(inside.key)).key_id == inside.id
    assert await verified.exist()
    asked = store.asked
    await verified.caller(inside.key)
    assert store.asked == asked, "a store that is away is not asked for each request"
    with pytest.raises(Unavailable):
        await verified.caller(outside.key)
    assert not verified.knows(outside.key)

    clock.advance(600)
    with pytest.raises(Unavailable):
        await verified.caller(inside.key)

    store.is_away = False
    assert (await verified.caller(inside.key)).key_id == inside.id


async def test_an_outage_does_not_lengthen_a_key(
    ring: KeyRing, store: CountingStore, verified: VerifiedKeys, clock: ManualClock
) -> None:
    key = await made(ring, expires_at=clock.now() + timedelta(seconds=60))
    await verified.caller(key.key)
    store.is_away = True

    clock.advance(60)

    with pytest.raises(NotAuthenticated):
        await verified.caller(key.key)


async def test_a_failure_in_the_background_is_not_the_end(
    parts: Parts, clock: ManualClock, background: Settling
) -> None:
    ring, store, verified = parts
    key = await made(ring)
    await verified.caller(key.key)
    clock.advance(6)
    store.is_away = True
    await verified.caller(key.key)
    await background.settle()

    store.is_away = False
    clock.advance(6)
    await verified.caller(key.key)
    await background.settle()

    assert store.asked == 3


async def test_the_last_use_is_noted_once_a_minute(
    parts: Parts, clock: ManualClock, background: Settling
) -> None:
    ring, store, verified = parts
    key = await made(ring)
    noted: set[object] = set()

    for _ in range(24):
        await verified.caller(key.key)
        await background.settle()
        kept = await MemoryFind(store).last_use(key.id)
        noted.add(kept)
        clock.advance(5)

    assert noted == {clock.now() - timedelta(seconds=s) for s in (120, 60)}


async def test_the_key_of_the_settings_needs_no_store(
    store: CountingStore, clock: ManualClock, background: Settling
) -> None:
    store.is_away = True
    verified = VerifiedKeys(store, clock, background, admin_key="k" * 40)

    assert await verified.exist()
    assert verified.knows("k" * 40)
    assert await verified.caller("k" * 40) is OPERATOR
    assert not verified.knows("k" * 41)
    with pytest.raises(NotAuthenticated):
        await verified.caller("k" * 41)


async def test_memory_holds_no_key(ring: KeyRing, verified: VerifiedKeys) -> None:
    key = await made(ring)
    await verified.caller(key.key)

    assert key.key not in repr(vars(verified))
    assert digest_of(key.key) in repr(vars(verified))


class MemoryFind:
    """Looks into the store without being counted."""

    def __init__(self, store: CountingStore) -> None:
        self._store = store

    async def last_use(self, key_id: str) -> object:
        (found,) = [k for k in await self._store.list(org_id=None, limit=9) if k.id == key_id]
        return found.last_used_at
