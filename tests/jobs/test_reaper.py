"""The jobs of dead workers are taken up, once, by one who can go on with them."""

from collections.abc import Collection, Mapping, Sequence

import anyio
import pytest

from storyloom.adapters.memory.worker_registry import MemoryWorkerRegistry
from storyloom.errors import Unavailable
from storyloom.jobs.reaper import Reaper
from storyloom.jobs.schemas import Worker, WorkerSeen
from storyloom.jobs.watch import Watch
from storyloom.kit.clock import ManualClock


def worker(name: str, version: str = "1") -> Worker:
    return Worker(id=name, host="here", pid=1, version=version, queues=("storyboards",))


class Takeovers:
    def __init__(self) -> None:
        self.recovered: list[list[str]] = []
        self.renewed: list[set[str]] = []
        self.held: set[str] = set()
        self.claimed: dict[str, str] = {}
        self.requeued: list[set[str]] = []

    def holders(self) -> Collection[str]:
        return self.held

    def stranded(self, worker_id: str) -> Mapping[str, str]:
        return self.claimed if worker_id == "ours" else {}

    def requeue(self, worker_id: str, job_ids: Collection[str]) -> int:
        self.requeued.append(set(job_ids))
        return len(job_ids)

    def recover(self, worker_ids: Sequence[str]) -> int:
        self.recovered.append(list(worker_ids))
        return len(worker_ids)

    def renew(self, living_versions: Collection[str]) -> int:
        self.renewed.append(set(living_versions))
        return 0


class Scene:
    """A registry, and reapers that share its clock."""

    def __init__(self, clock: ManualClock) -> None:
        self.clock = clock
        self.registry = MemoryWorkerRegistry(clock)
        self.takeovers = Takeovers()
        self.start = clock.now()

    def seconds(self) -> float:
        return (self.clock.now() - self.start).total_seconds()

    def reaper(self, own: Worker) -> Reaper:
        self.registry.beat(own)
        return Reaper(self.registry, self.takeovers, own=own, watch=Watch(), clock_s=self.seconds)

    def pass_time(self, reaper: Reaper, *alive: Worker, looks: int = 5) -> int:
        brought = 0
        for _ in range(looks):
            for each in alive:
                self.registry.beat(each)
            brought += reaper.run_once()
            self.clock.advance(2)
        return brought


@pytest.fixture
def scene(clock: ManualClock) -> Scene:
    return Scene(clock)


def test_a_dead_worker_is_taken_up_and_struck_off(scene: Scene) -> None:
    ours = worker("ours")
    reaper = scene.reaper(ours)
    scene.registry.beat(worker("dead"))

    brought = scene.pass_time(reaper, ours)

    assert brought == 1
    assert scene.takeovers.recovered == [["dead"]]
    assert [w.worker for w in scene.registry.seen()] == [ours]


def test_the_living_are_left_alone(scene: Scene) -> None:
    ours, other = worker("ours"), worker("other")
    reaper = scene.reaper(ours)

    scene.pass_time(reaper, ours, other, looks=20)

    assert scene.takeovers.recovered == []


def test_it_never_declares_itself_dead(scene: Scene) -> None:
    reaper = scene.reaper(worker("ours"))

    scene.pass_time(reaper, looks=20)

    assert scene.takeovers.recovered == []


def test_who_left_jobs_behind_is_taken_up_at_once(scene: Scene) -> None:
    reaper = scene.reaper(worker("ours"))
    scene.registry.beat(worker("left"))
    scene.registry.leave("left")

    reaper.run_once()

    assert scene.takeovers.recovered == [["left"]]


def test_of_two_reapers_one_acts(scene: Scene) -> None:
    one = scene.reaper(worker("one"))
    two = scene.reaper(worker("two"))
    scene.registry.beat(worker("left"))
    scene.registry.leave("left")

    with scene.registry.alone():
        kept_out = one.run_once()
    two.run_once()
    one.run_once()

    assert kept_out == 0
    assert scene.takeovers.recovered == [["left"]]


def test_one_who_is_heard_in_the_last_moment_is_spared(scene: Scene) -> None:
    late = worker("late")

    class Registry(MemoryWorkerRegistry):
        looks = 0

        def seen(self) -> Sequence[WorkerSeen]:
            self.looks += 1
            if self.looks == 6:  # within the lock
                self.beat(late)
            return super().seen()

    scene.registry = Registry(scene.clock)
    reaper = scene.reaper(worker("ours"))
    scene.registry.beat(late)

    scene.pass_time(reaper)

    assert scene.takeovers.recovered == []
    assert len(scene.registry.seen()) == 2


def test_time_that_passes_while_it_acts_spares_nobody(scene: Scene) -> None:
    class Registry(MemoryWorkerRegistry):
        def seen(self) -> Sequence[WorkerSeen]:
            scene.clock.advance(0.1)
            return super().seen()

    scene.registry = Registry(scene.clock)
    reaper = scene.reaper(worker("ours"))
    scene.registry.beat(worker("dead"))

    scene.pass_time(reaper)

    assert scene.takeovers.recovered == [["dead"]]


def test_another_living_version_takes_up_its_own(scene: Scene) -> None:
    ours, peer = worker("ours", "2"), worker("peer", "1")
    reaper = scene.reaper(ours)
    scene.registry.beat(worker("dead", "1"))

    scene.pass_time(reaper, ours, peer)

    assert scene.takeovers.recovered == []
    assert {w.worker.id for w in scene.registry.seen()} == {"ours", "peer", "dead"}


def test_jobs_of_a_version_that_nobody_runs_are_renewed(scene: Scene) -> None:
    ours = worker("ours", "2")
    reaper = scene.reaper(ours)
    scene.registry.beat(worker("dead", "1"))

    scene.pass_time(reaper, ours)

    assert scene.takeovers.recovered == []
    assert scene.takeovers.renewed == [{"1", "2"}, {"2"}]
    assert [w.worker for w in scene.registry.seen()] == [ours]


def test_one_whose_jobs_could_not_all_be_taken_up_stays_on_the_list(scene: Scene) -> None:
    ours = worker("ours")
    reaper = scene.reaper(ours)
    scene.registry.beat(worker("dead"))
    scene.takeovers.held = {"dead"}

    scene.pass_time(reaper, ours, looks=6)
    scene.takeovers.held = set()
    scene.pass_time(reaper, ours, looks=1)

    assert scene.takeovers.recovered == [["dead"]] * 3
    assert [w.worker for w in scene.registry.seen()] == [ours]


def test_jobs_of_a_worker_that_nobody_knows_are_taken_up(scene: Scene) -> None:
    ours = worker("ours")
    reaper = scene.reaper(ours)
    scene.takeovers.held = {"ours", "unheard of"}

    brought = scene.pass_time(reaper, ours, looks=6)

    assert brought == 1
    assert scene.takeovers.recovered == [["unheard of"]]


def test_a_claim_that_never_arrived_goes_back_to_its_queue(scene: Scene) -> None:
    ours = worker("ours")
    reaper = scene.reaper(ours)
    scene.takeovers.claimed = {"job": "12:00"}

    brought = scene.pass_time(reaper, ours, looks=6)

    assert brought == 1
    assert scene.takeovers.requeued == [{"job"}]


def test_claims_that_come_and_go_are_left_alone(scene: Scene) -> None:
    ours = worker("ours")
    reaper = scene.reaper(ours)

    for at in range(8):
        scene.takeovers.claimed = {"job": f"12:0{at}"}
        scene.pass_time(reaper, ours, looks=1)

    assert scene.takeovers.requeued == []


async def test_a_fault_of_ours_does_not_end_it(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    again = anyio.Event()

    class Registry(MemoryWorkerRegistry):
        looks = 0

        def seen(self) -> Sequence[WorkerSeen]:
            self.looks += 1
            if self.looks == 1:
                raise RuntimeError("out of order")
            anyio.from_thread.run_sync(again.set)
            return super().seen()

    scene.registry = Registry(scene.clock)
    reaper = scene.reaper(worker("ours"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reaper.run_forever, 0.001)
        with anyio.fail_after(60):
            await again.wait()
        tasks.cancel_scope.cancel()

    assert "reaper failed" in caplog.text


async def test_it_goes_on_when_the_registry_was_away(scene: Scene) -> None:
    again = anyio.Event()

    class Registry(MemoryWorkerRegistry):
        looks = 0

        def seen(self) -> Sequence[WorkerSeen]:
            self.looks += 1
            if self.looks == 1:
                raise Unavailable("gone fishing")
            if self.looks == 4:
                anyio.from_thread.run_sync(again.set)
            return super().seen()

    scene.registry = Registry(scene.clock)
    reaper = scene.reaper(worker("ours"))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(reaper.run_forever, 0.001)
        with anyio.fail_after(60):
            await again.wait()
        tasks.cancel_scope.cancel()

    assert scene.takeovers.renewed == [{"1"}]
