"""One run at a time, and only while the GPU is free and cool enough."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from storyloom.adapters.memory.lease_store import MemoryLeaseStore
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.schemas import Run, WaitCode
from storyloom.automation.runs.turn import LeasedTurn
from storyloom.automation.runs.watch import GpuWatch
from storyloom.errors import Unavailable
from storyloom.gpu.leases import GpuLeases
from storyloom.gpu.schemas import Claim, Gpu, GpuReading, Lease
from storyloom.gpu.status import GpuService
from storyloom.kit.background import Background
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from storyloom.kit.questions import Questions
from tests.tasks import tasks_of_their_own

COOL = Gpu(index=0, utilization=1, memory_used=1, memory_total=24000, temperature=40)


class FakeStore(MemoryLeaseStore):
    """A store that can be away."""

    is_away = False

    async def acquire(
        self, claim: Claim, *, lease_id: str, digest: str, ttl_s: float, takes_over: bool = False
    ) -> Lease:
        if self.is_away:
            raise Unavailable("The database is away.")
        return await super().acquire(
            claim, lease_id=lease_id, digest=digest, ttl_s=ttl_s, takes_over=takes_over
        )


@dataclass
class FakeGpus:
    """GPUs that are looked at anew each time."""

    gpus: tuple[Gpu, ...] = (COOL,)
    programs: Mapping[str, frozenset[int]] | None = None
    at: float = 0.0

    async def look(self) -> GpuReading:
        return GpuReading(self.gpus, programs=self.programs)

    def now(self) -> float:
        self.at += 60
        return self.at


@dataclass
class Bench:
    store: FakeStore
    leases: GpuLeases
    gpu: GpuService
    probe: FakeGpus
    own: frozenset[int] | None = None  #: the engine's processes

    def turn(self, run: Run, *, looks: bool = True) -> LeasedTurn:
        watch = GpuWatch(self.gpu, self) if looks else None
        return LeasedTurn(run, self.leases, watch, self.is_up)

    async def is_up(self) -> bool:
        return False

    async def among(self, pids: frozenset[int]) -> frozenset[int] | None:
        return None if self.own is None else pids & self.own


@pytest.fixture
async def bench(clock: ManualClock) -> AsyncGenerator[Bench]:
    async with tasks_of_their_own() as tasks:
        store, probe = FakeStore(clock), FakeGpus()
        leases = GpuLeases(store, Background(tasks), host="studio")
        yield Bench(store, leases, GpuService(probe, Questions(tasks), now=probe.now), probe)


def run_of() -> Run:
    return Run(
        id=new_job_id(),
        job=new_job_id(),
        org_id="acme",
        session_timestamp=1,
        config=RunConfig(),
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


async def test_one_run_after_the_other(bench: Bench) -> None:
    first, second = bench.turn(run_of()), bench.turn(run_of(), looks=False)

    assert await first.obstacle() is None
    held = await second.obstacle()
    assert held is not None
    assert (held.code, held.is_patient) == (WaitCode.GPU_LEASED, False)
    assert "another run" in held.detail
    assert not first.lost.is_set()
    assert not second.lost.is_set()

    await first.give_back()
    await first.give_back()
    assert await second.obstacle() is None


async def test_a_program_of_others_is_waited_for(bench: Bench) -> None:
    granted = await bench.leases.acquire(Claim("gpu0", "beta", "secret name"), ttl_s=60)

    held = await bench.turn(run_of()).obstacle()

    assert held is not None
    assert (held.detail, held.until) == (
        "The GPU studio/gpu0 is held by another program",
        granted.lease.expires_at,
    )


async def test_a_hot_gpu_is_waited_for_with_the_lease_in_hand(bench: Bench) -> None:
    run = run_of()
    turn = bench.turn(run)
    bench.probe.gpus = (COOL.model_copy(update={"temperature": 99}),)

    hot = await turn.obstacle()

    assert hot is not None
    assert (hot.code, hot.ends_it) == (WaitCode.GPU_HOT, None)
    assert [one.claim.holder for one in await bench.leases.current()] == [run.id]
    bench.probe.gpus = (COOL,)
    assert await turn.obstacle() is None


async def test_what_the_engine_computes_keeps_nobody_waiting(bench: Bench) -> None:
    turn, used = bench.turn(run_of()), COOL.model_copy(update={"uuid": "GPU-1", "utilization": 99})
    bench.probe.gpus, bench.probe.programs = (used,), {"GPU-1": frozenset({7, 8})}
    bench.own = frozenset({7, 8, 9})
    assert await turn.obstacle() is None

    bench.own = frozenset({7})

    busy = await turn.obstacle()
    assert busy is not None
    assert busy.code is WaitCode.GPU_BUSY


async def test_where_there_is_no_gpu_it_ends(bench: Bench) -> None:
    bench.probe.gpus = ()

    none = await bench.turn(run_of()).obstacle()

    assert none is not None
    assert none.ends_it is not None


async def test_what_fills_the_memory_after_the_first_picture_is_its_model(bench: Bench) -> None:
    turn = bench.turn(run_of())
    assert await turn.obstacle() is None
    bench.probe.gpus = (COOL.model_copy(update={"memory_used": 23000}),)

    assert await turn.obstacle() is None
    await turn.give_back()

    full = await turn.obstacle()
    assert full is not None
    assert full.code is WaitCode.GPU_MEMORY


async def test_a_turn_that_was_lost_is_taken_anew(bench: Bench) -> None:
    run = run_of()
    old, new = bench.turn(run), bench.turn(run)
    assert await old.obstacle() is None
    (before,) = await bench.leases.current()

    assert await new.obstacle() is None  # the run was taken up by another process
    assert old._held is not None
    old._held.lose("")
    assert old.lost.is_set()
    assert await old.obstacle() is None
    (now,) = await bench.leases.current()
    assert now.fencing_token == before.fencing_token + 2


async def test_a_store_that_is_away_is_waited_for(bench: Bench) -> None:
    bench.store.is_away = True

    away = await bench.turn(run_of()).obstacle()

    assert away is not None
    assert away.code is WaitCode.STORE_AWAY
