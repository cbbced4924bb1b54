"""Keys: made, shown, revoked."""

from datetime import timedelta

import pytest

from storyloom.access.errors import KeyNotFound
from storyloom.access.keys import digest_of, id_of
from storyloom.access.schemas import NewKey, Scope
from storyloom.access.state import KeyRing
from storyloom.access.verified import VerifiedKeys
from storyloom.errors import InvalidInput, NotAuthenticated
from storyloom.kit.clock import ManualClock
from tests.access.conftest import CountingStore, made


async def test_the_store_gets_a_digest_and_no_key(ring: KeyRing, store: CountingStore) -> None:
    key = await made(ring, Scope.STORIES, Scope.GPU, Scope.GPU)

    kept = await store.find(key.id)
    assert kept is not None
    assert kept.digest == digest_of(key.key)
    assert key.key not in kept.model_dump_json()
    assert (id_of(key.key), key.prefix) == (key.id, f"sl_{key.id}")
    assert key.scopes == (Scope.GPU, Scope.STORIES)


async def test_a_key_does_not_end_before_it_begins(ring: KeyRing, clock: ManualClock) -> None:
    with pytest.raises(InvalidInput) as fault:
        await made(ring, expires_at=clock.now())

    assert fault.value.loc == ("body", "expires_at")
    assert (await made(ring, expires_at=clock.now() + timedelta(seconds=1))).is_good(clock.now())


async def test_the_key_of_another_organisation_is_not_found(ring: KeyRing) -> None:
    key = await made(ring, org="acme")

    with pytest.raises(KeyNotFound, match=key.id):
        await ring.revoke(key.id, org_id="beta")
    assert [k.id for k in await ring.newest(org_id="acme", limit=9)] == [key.id]
    assert await ring.newest(org_id="beta", limit=9) == []
    assert await ring.exist()
    await ring.revoke(key.id, org_id="acme")
    assert not await ring.exist()


async def test_the_same_process_knows_at_once(
    store: CountingStore, clock: ManualClock, verified: VerifiedKeys
) -> None:
    ring = KeyRing(store, clock, verified)
    assert not await verified.exist()
    key = await made(ring)
    assert await verified.exist()
    await verified.caller(key.key)

    await ring.revoke(key.id, org_id=None)

    with pytest.raises(NotAuthenticated):
        await verified.caller(key.key)
    assert not await verified.exist()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\x00"},
        {"name": "x" * 101},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"org_id": ""},
        {"org_id": "x" * 129},
        {"org_id": "a\nb"},
        {"expires_at": "2026-01-01T00:00:00"},
        {"is_admin": True},
    ],
)
def test_wrong_wishes_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        NewKey.model_validate({"name": "one", "scopes": ["admin"], **wrong})
