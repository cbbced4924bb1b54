"""What every registry of workers promises."""

from collections.abc import Generator

import pytest

from storyloom.adapters.memory.worker_registry import MemoryWorkerRegistry
from storyloom.adapters.sql._tables import metadata
from storyloom.adapters.sql.worker_registry import SqlWorkerRegistry, open_worker_registry
from storyloom.jobs.ports import WorkerRegistry
from storyloom.jobs.schemas import Worker
from storyloom.kit.clock import ManualClock


@pytest.fixture(params=["memory", "postgres"])
def registry(request: pytest.FixtureRequest, clock: ManualClock) -> Generator[WorkerRegistry]:
    if request.param == "memory":
        yield MemoryWorkerRegistry(clock)
        return
    with open_worker_registry(request.getfixturevalue("postgres_url")) as opened:
        metadata.create_all(opened._engine)
        yield opened


def worker(name: str = "one") -> Worker:
    return Worker(id=name, host="here", pid=7, version="1", queues=("storyboards", "stories"))


def test_a_beat_registers_a_worker(registry: WorkerRegistry) -> None:
    registry.beat(worker())

    (seen,) = registry.seen()

    assert seen.worker == worker()
    assert not seen.has_left


def test_a_worker_may_listen_to_nothing(registry: WorkerRegistry) -> None:
    idle = worker().model_copy(update={"queues": ()})

    registry.beat(idle)

    assert registry.seen()[0].worker == idle


def test_another_beat_moves_the_time(registry: WorkerRegistry, clock: ManualClock) -> None:
    registry.beat(worker())
    before = registry.seen()[0].beat_at
    clock.advance(2)

    registry.beat(worker())

    (seen,) = registry.seen()
    assert seen.beat_at > before


def test_it_tells_how_long_a_worker_was_silent(
    registry: WorkerRegistry, clock: ManualClock
) -> None:
    registry.beat(worker())
    clock.advance(7)

    (seen,) = registry.seen()

    assert 0 <= seen.silent_s < 60
    assert isinstance(registry, SqlWorkerRegistry) or seen.silent_s == 7


def test_a_worker_can_leave_and_come_back(registry: WorkerRegistry) -> None:
    registry.beat(worker())

    registry.leave("one")
    left = registry.seen()[0].has_left
    registry.beat(worker())

    assert left
    assert not registry.seen()[0].has_left


def test_removed_workers_are_gone(registry: WorkerRegistry) -> None:
    for name in ("one", "two", "three"):
        registry.beat(worker(name))

    registry.remove(["one", "three", "never"])
    registry.remove([])

    assert [seen.worker.id for seen in registry.seen()] == ["two"]


def test_one_at_a_time_is_alone(registry: WorkerRegistry) -> None:
    with registry.alone() as first, registry.alone() as second:
        pass
    with registry.alone() as again:
        pass

    assert (first, second, again) == (True, False, True)


def test_a_registry_that_is_away_says_so() -> None:
    from storyloom.errors import Unavailable  # noqa: PLC0415

    with (
        open_worker_registry("postgresql://nobody@127.0.0.1:1/none") as registry,
        pytest.raises(Unavailable, match="registry of workers did not answer"),
    ):
        registry.seen()

    assert isinstance(registry, SqlWorkerRegistry)
