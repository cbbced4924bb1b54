"""A worker is heard while it runs, and goes on trying when nobody hears."""

import logging
import threading
from collections.abc import Callable
from time import monotonic, sleep

import pytest

from storyloom.adapters.memory.worker_registry import MemoryWorkerRegistry
from storyloom.errors import Unavailable
from storyloom.jobs.heartbeat import beating
from storyloom.jobs.schemas import Worker
from storyloom.kit.clock import SystemClock

WORKER = Worker(id="one", host="here", pid=1, version="1", queues=())


class Registry(MemoryWorkerRegistry):
    """One that can go away."""

    def __init__(self) -> None:
        super().__init__(SystemClock())
        self.is_away = False
        self.beats = 0

    def beat(self, worker: Worker) -> None:
        if self.is_away:
            raise Unavailable("gone fishing")
        self.beats += 1
        super().beat(worker)

    def leave(self, worker_id: str) -> None:
        if self.is_away:
            raise Unavailable("gone fishing")
        super().leave(worker_id)


def until(condition: Callable[[], bool]) -> None:
    end = monotonic() + 20
    while not condition():
        assert monotonic() < end
        sleep(0.001)


def test_the_first_beat_is_there_at_once() -> None:
    registry = Registry()

    with beating(registry, WORKER, every_s=60):
        assert [w.worker for w in registry.seen()] == [WORKER]


def test_it_beats_until_the_end_and_no_longer() -> None:
    registry = Registry()

    with beating(registry, WORKER, every_s=0.001):
        until(lambda: registry.beats > 3)
    beats = registry.beats

    assert all(thread.name != "heartbeat" for thread in threading.enumerate())
    assert registry.beats == beats


def test_it_does_not_begin_where_nobody_hears() -> None:
    registry = Registry()
    registry.is_away = True

    with pytest.raises(Unavailable), beating(registry, WORKER):
        pytest.fail("it began")


def test_it_goes_on_when_the_registry_was_away(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    registry = Registry()

    with beating(registry, WORKER, every_s=0.001):
        registry.is_away = True
        until(lambda: "heartbeat is not heard" in caplog.text)
        beats = registry.beats
        registry.is_away = False
        until(lambda: registry.beats > beats + 1)

    assert caplog.text.count("heartbeat is not heard") == 1
    assert caplog.text.count("heartbeat is heard again") == 1


def test_a_fault_of_ours_stops_no_heart(caplog: pytest.LogCaptureFixture) -> None:
    class Faulty(Registry):
        def beat(self, worker: Worker) -> None:
            super().beat(worker)
            if self.beats == 2:
                raise RuntimeError("out of order")

    registry = Faulty()

    with beating(registry, WORKER, every_s=0.001):
        until(lambda: registry.beats > 3)

    assert "heartbeat failed" in caplog.text


def test_a_worker_that_ends_tells_others_at_once() -> None:
    registry = Registry()

    with beating(registry, WORKER):
        pass

    assert [w.has_left for w in registry.seen()] == [True]


def test_it_ends_also_where_nobody_hears(caplog: pytest.LogCaptureFixture) -> None:
    registry = Registry()

    with beating(registry, WORKER):
        registry.is_away = True

    assert "others wait for a beat, since this worker could not take leave" in caplog.text
