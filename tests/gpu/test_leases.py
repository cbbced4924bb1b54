"""One heavy user of a GPU at a time, and what becomes of those who stop saying that they live."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace

import anyio
import pytest
from anyio.abc import TaskGroup
from anyio.lowlevel import checkpoint

from storyloom.adapters.memory.lease_store import MemoryLeaseStore
from storyloom.errors import InvalidInput, StoryloomError, Unavailable
from storyloom.gpu.errors import GpuHeld, LeaseLost, LeaseNotFound
from storyloom.gpu.leases import GpuLeases, GrantedLease
from storyloom.gpu.schemas import Claim, HolderKind, Lease
from storyloom.kit.background import Background
from storyloom.kit.clock import ManualClock
from tests.tasks import tasks_of_their_own

CLAIM = Claim("gpu0", "acme", "painter")
RUN = Claim("gpu0", "acme", "run 1", HolderKind.RUN)
AWAY = Unavailable("The database is away.")


class FakeStore(MemoryLeaseStore):
    """A store that can be away."""

    fault: StoryloomError | None = None
    renewals = 0

    async def find(self, lease_id: str) -> Lease | None:
        if self.fault is not None:
            raise self.fault
        return await super().find(lease_id)

    async def renew(self, lease_id: str, *, ttl_s: float) -> Lease | None:
        self.renewals += 1
        return await super().renew(lease_id, ttl_s=ttl_s)


class SimulatedTime:
    """A time that passes only when it is told to, for those who sleep too."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self._sleepers: list[tuple[float, anyio.Event]] = []

    def now(self) -> float:
        return self.clock.now().timestamp()

    async def sleep(self, seconds: float) -> None:
        awake = anyio.Event()
        self._sleepers.append((self.now() + seconds, awake))
        await awake.wait()

    async def passes(self, seconds: float) -> None:
        """Let whoever sleeps wake up at its time, and do what it does then."""
        end = self.now() + seconds
        await settled()
        while due := [sleeper for sleeper in self._sleepers if sleeper[0] <= end]:
            first = min(due, key=lambda sleeper: sleeper[0])
            self._sleepers.remove(first)
            self.clock.advance(max(0.0, first[0] - self.now()))
            first[1].set()
            await settled()
        self.clock.advance(end - self.now())


async def settled() -> None:
    for _ in range(20):
        await checkpoint()


@dataclass
class Bench:
    store: FakeStore
    time: SimulatedTime
    leases: GpuLeases
    tasks: TaskGroup

    async def held(self) -> Sequence[str]:
        return [lease.claim.holder for lease in await self.leases.current()]


@pytest.fixture
async def bench() -> AsyncGenerator[Bench]:
    async with tasks_of_their_own() as tasks:
        time = SimulatedTime()
        store = FakeStore(time.clock)
        background = Background(tasks)
        leases = GpuLeases(store, background, host="studio", sleep=time.sleep, now=time.now)
        yield Bench(store, time, leases, tasks)


async def test_a_gpu_is_of_its_host(bench: Bench) -> None:
    granted = await bench.leases.acquire(CLAIM, ttl_s=60)
    elsewhere = await bench.leases.acquire(replace(CLAIM, resource="attic/gpu0"))

    assert granted.lease.claim.resource == "studio/gpu0"
    assert elsewhere.lease.claim.resource == "attic/gpu0"
    assert list(await bench.leases.current("studio/gpu0")) == [granted.lease]
    assert granted.token not in repr(granted) + repr(granted.lease)


async def test_who_comes_second_is_told_who_has_it(bench: Bench) -> None:
    granted = await bench.leases.acquire(CLAIM, ttl_s=60)
    await bench.time.passes(20)

    with pytest.raises(GpuHeld, match="studio/gpu0") as fault:
        await bench.leases.acquire(RUN)

    assert (fault.value.by.id, fault.value.by.left_s) == (granted.lease.id, 40)


async def test_a_run_takes_over_what_it_has_left(bench: Bench) -> None:
    first = await bench.leases.acquire(RUN)

    second = await bench.leases.acquire(RUN, takes_over=True)

    assert second.lease.fencing_token == first.lease.fencing_token + 1
    with pytest.raises(LeaseNotFound):
        await bench.leases.renew(first.lease.id, first.token, org_id="acme")


async def test_a_lease_is_renewed_for_as_long_as_before_unless_told(bench: Bench) -> None:
    granted = await bench.leases.acquire(CLAIM, ttl_s=60)
    await bench.time.passes(50)

    lease = await bench.leases.renew(granted.lease.id, granted.token, org_id="acme")
    longer = await bench.leases.renew(granted.lease.id, granted.token, org_id="acme", ttl_s=90)

    assert (lease.left_s, longer.left_s) == (60, 90)
    await bench.time.passes(90)
    with pytest.raises(LeaseLost):
        await bench.leases.renew(granted.lease.id, granted.token, org_id="acme")


@pytest.mark.parametrize(
    ("org_id", "token"),
    [("beta", None), ("acme", "0" * 64), ("acme", "\ud800")],
)
async def test_only_who_has_the_token_renews_and_releases(
    org_id: str, token: str | None, bench: Bench
) -> None:
    granted = await bench.leases.acquire(CLAIM)
    tried = (granted.lease.id, token or granted.token)

    with pytest.raises(LeaseNotFound):
        await bench.leases.renew(*tried, org_id=org_id)
    with pytest.raises(LeaseNotFound):
        await bench.leases.release(*tried, org_id=org_id)

    assert await bench.held() == ["painter"]


@pytest.mark.parametrize("lease_id", ["nonsense", "2f3c6c1e-5f0b-4f0e-9d55-0a8f6c3f1b7a"])
async def test_what_nobody_knows_is_not_renewed_and_need_not_be_released(
    lease_id: str, bench: Bench
) -> None:
    with pytest.raises(LeaseNotFound):
        await bench.leases.renew(lease_id, "", org_id="acme")

    await bench.leases.release(lease_id, "", org_id="acme")


async def test_a_released_gpu_is_free_and_released_again_is_no_error(bench: Bench) -> None:
    granted = await bench.leases.acquire(CLAIM)

    for _ in range(2):
        await bench.leases.release(granted.lease.id.upper(), granted.token, org_id="acme")

    assert await bench.held() == []


async def test_who_holds_it_keeps_it_until_the_end(bench: Bench) -> None:
    granted = await bench.leases.acquire(RUN, ttl_s=30)

    async with bench.leases.holding(granted) as held:
        await bench.time.passes(301)
        assert await bench.held() == ["run 1"]
        assert not held.is_lost
        assert held.lease.left_s > 0
    assert bench.store.renewals == 30
    assert await bench.held() == []

    await bench.time.passes(60)
    assert (bench.store.renewals, held.is_lost) == (30, False)


async def test_an_outage_that_is_shorter_than_the_lease_costs_nothing(bench: Bench) -> None:
    async with bench.leases.holding(await bench.leases.acquire(RUN, ttl_s=30)) as held:
        bench.store.fault = AWAY
        await bench.time.passes(28)
        assert not held.is_lost

        bench.store.fault = None
        await bench.time.passes(60)

        assert not held.is_lost
        assert await bench.held() == ["run 1"]


async def test_an_outage_that_is_longer_loses_it_before_it_expires(bench: Bench) -> None:
    async with bench.leases.holding(await bench.leases.acquire(RUN, ttl_s=30)) as held:
        await bench.time.passes(15)  # renewed after ten
        bench.store.fault = AWAY
        await bench.time.passes(24)
        assert not held.is_lost
        await bench.time.passes(1)

        assert held.is_lost
        assert held.why == "It could not be renewed in time."


async def test_who_slept_too_long_learns_that_it_is_lost(bench: Bench) -> None:
    async with bench.leases.holding(await bench.leases.acquire(RUN, ttl_s=30)) as held:
        await bench.store.release(held.lease.id)
        other = await bench.leases.acquire(CLAIM, ttl_s=3600)

        with anyio.fail_after(60):
            await bench.time.passes(10)
            await held.lost.wait()

        assert held.why == LeaseNotFound().message
    assert [lease.id for lease in await bench.leases.current()] == [other.lease.id]


async def test_a_fault_that_nobody_expects_loses_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    async with bench.leases.holding(await bench.leases.acquire(RUN, ttl_s=30)) as held:
        bench.store.fault = InvalidInput("What is this?")
        await bench.time.passes(10)

        assert (held.is_lost, held.why) == (True, "It is renewed no longer.")
        bench.store.fault = None
    assert "What is this?" in caplog.text


async def test_an_error_of_the_block_is_raised_as_it_is_and_the_gpu_given_back(
    bench: Bench,
) -> None:
    granted = await bench.leases.acquire(RUN)

    with pytest.raises(ValueError, match="no picture"):
        async with bench.leases.holding(granted):
            raise ValueError("no picture")
    assert await bench.held() == []

    async with bench.leases.holding(await bench.leases.acquire(RUN)):
        bench.store.fault = AWAY  # then it expires by itself


async def test_when_the_service_ends_it_is_lost(bench: Bench) -> None:
    async with bench.leases.holding(await bench.leases.acquire(RUN)) as held:
        await settled()
        bench.tasks.cancel_scope.cancel()
        await settled()

        assert held.is_lost


async def test_those_who_wait_get_it_in_their_order(bench: Bench) -> None:
    first = await bench.leases.acquire(CLAIM, ttl_s=3600)
    got: list[tuple[str, GrantedLease]] = []
    told: dict[str, list[Lease | None]] = {"a": [], "b": [], "elsewhere": []}

    async def wait(name: str, resource: str = "gpu0") -> None:
        claim = replace(CLAIM, holder=name, resource=resource)
        got.append((name, await bench.leases.wait_for(claim, told[name].append, ttl_s=3600)))

    for name in ("a", "b"):
        bench.tasks.start_soon(wait, name)
        await settled()
    bench.tasks.start_soon(wait, "elsewhere", "gpu1")
    await bench.time.passes(1.5)
    assert [name for name, _ in got] == ["elsewhere"]
    assert [lease and lease.id for lease in told["a"]] == [first.lease.id] * 2
    assert told["b"] == [None, None]

    await bench.leases.release(first.lease.id, first.token, org_id="acme")
    await bench.time.passes(5)
    assert [name for name, _ in got] == ["elsewhere", "a"]

    name, granted = got[-1]
    await bench.leases.release(granted.lease.id, granted.token, org_id="acme")
    await bench.time.passes(1)
    assert [name for name, _ in got] == ["elsewhere", "a", "b"]


async def test_who_gives_up_waiting_holds_up_nobody(bench: Bench) -> None:
    first = await bench.leases.acquire(CLAIM)
    got: list[GrantedLease] = []

    async def wait(scope: anyio.CancelScope) -> None:
        with scope:
            got.append(await bench.leases.wait_for(RUN, lambda _: None, takes_over=True))

    impatient = anyio.CancelScope()
    bench.tasks.start_soon(wait, impatient)
    bench.tasks.start_soon(wait, anyio.CancelScope())
    await bench.time.passes(1)
    impatient.cancel()
    await settled()
    await bench.leases.release(first.lease.id, first.token, org_id="acme")
    await bench.time.passes(2)

    assert [granted.lease.claim.holder for granted in got] == ["run 1"]
