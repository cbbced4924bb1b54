"""What every store of leases promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest

from storyloom.adapters.memory.lease_store import MemoryLeaseStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.lease_store import SqlLeaseStore
from storyloom.gpu.ports import LeaseStore
from storyloom.gpu.schemas import Claim, HolderKind, Lease
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import new_job_id

CLAIM = Claim("studio/gpu0", "acme", "painter")
DIGEST = "a" * 64
LONG_S, SHORT_S = 60.0, 0.05


@asynccontextmanager
async def in_memory(_: pytest.FixtureRequest) -> AsyncGenerator[LeaseStore]:
    yield MemoryLeaseStore(SystemClock())


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[LeaseStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/leases.sqlite") as database:
        yield SqlLeaseStore(database, SystemClock())


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[LeaseStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlLeaseStore(database, SystemClock())


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[LeaseStore]:
    async with STORES[request.param](request) as opened:
        yield opened


async def acquire(
    store: LeaseStore, claim: Claim = CLAIM, ttl_s: float = LONG_S, *, takes_over: bool = False
) -> tuple[bool, Lease]:
    """Whether it was granted, and the lease of whoever holds it now."""
    lease_id = new_job_id()
    lease = await store.acquire(
        claim, lease_id=lease_id, digest=DIGEST, ttl_s=ttl_s, takes_over=takes_over
    )
    return lease.id == lease_id, lease


async def granted(store: LeaseStore, claim: Claim = CLAIM, ttl_s: float = LONG_S) -> Lease:
    was_granted, lease = await acquire(store, claim, ttl_s)
    assert was_granted
    return lease


async def expired(store: LeaseStore, lease: Lease) -> None:
    """Wait until it is, by the store's own clock."""
    end = monotonic() + 10
    while (found := await store.find(lease.id)) is not None and found.left_s > 0:
        assert monotonic() < end
        await asyncio.sleep(0.005)


async def test_what_is_free_is_granted_and_then_held(store: LeaseStore) -> None:
    first = await granted(store)
    was_granted, present = await acquire(store, replace(CLAIM, org_id="beta"))

    assert (first.claim, first.fencing_token, first.digest) == (CLAIM, 1, DIGEST)
    assert (first.ttl_s, first.left_s) == (LONG_S, pytest.approx(LONG_S, abs=0.01))
    assert (first.expires_at - first.granted_at).total_seconds() == pytest.approx(LONG_S, abs=0.01)
    assert not was_granted
    assert present.id == first.id
    assert LONG_S - 30 < present.left_s <= LONG_S
    assert [lease.id for lease in await store.held()] == [first.id]


async def test_each_gpu_has_its_own(store: LeaseStore) -> None:
    other = replace(CLAIM, resource="studio/gpu1", kind=HolderKind.RUN)
    second = await granted(store, other)
    first = await granted(store)

    assert [(lease.id, lease.claim) for lease in await store.held()] == [
        (first.id, CLAIM),
        (second.id, other),
    ]


async def test_of_many_one_gets_it(store: LeaseStore) -> None:
    got: list[Lease] = []

    async def try_it() -> None:
        was_granted, lease = await acquire(store)
        got.extend([lease] if was_granted else [])

    async with asyncio.TaskGroup() as tasks:
        for _ in range(8):
            tasks.create_task(try_it())

    assert len(got) == 1


async def test_what_was_released_is_free_and_the_next_has_a_higher_number(
    store: LeaseStore,
) -> None:
    first = await granted(store)
    await store.release(first.id)
    await store.release(first.id)

    assert await store.find(first.id) is None
    assert await store.held() == []
    assert await store.renew(first.id, ttl_s=LONG_S) is None

    second = await granted(store)
    await store.release(first.id)  # by whoever has not noticed
    assert second.fencing_token == 2
    assert [lease.id for lease in await store.held()] == [second.id]


async def test_what_expired_is_free_and_cannot_be_renewed(store: LeaseStore) -> None:
    first = await granted(store, ttl_s=SHORT_S)
    await expired(store, first)

    assert await store.held() == []
    assert await store.renew(first.id, ttl_s=LONG_S) is None

    second = await granted(store)
    assert second.fencing_token == 2
    assert await store.find(first.id) is None


async def test_a_renewed_lease_lasts_longer(store: LeaseStore) -> None:
    first = await granted(store, ttl_s=30)

    renewed = await store.renew(first.id, ttl_s=LONG_S)

    assert renewed is not None
    assert (renewed.ttl_s, renewed.left_s) == (LONG_S, pytest.approx(LONG_S, abs=0.01))
    assert (renewed.id, renewed.fencing_token) == (first.id, first.fencing_token)
    found = await store.find(first.id)
    assert found is not None
    assert (found.expires_at, found.ttl_s) == (renewed.expires_at, LONG_S)
    assert await store.renew(new_job_id(), ttl_s=LONG_S) is None


@pytest.mark.parametrize(
    ("claim", "takes_over", "gets_it"),
    [
        (CLAIM, True, True),
        (CLAIM, False, False),
        (replace(CLAIM, org_id="beta"), True, False),
        (replace(CLAIM, holder="another"), True, False),
        (replace(CLAIM, kind=HolderKind.RUN), True, False),
    ],
)
async def test_only_what_one_has_had_oneself_is_taken_over(
    *, claim: Claim, takes_over: bool, gets_it: bool, store: LeaseStore
) -> None:
    first = await granted(store)

    was_granted, lease = await acquire(store, claim, takes_over=takes_over)

    assert (was_granted, lease.fencing_token) == (gets_it, 2 if gets_it else 1)
    assert (await store.find(first.id) is None) == gets_it
