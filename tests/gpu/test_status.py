"""One look for all who ask within five seconds."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import anyio
import pytest

from storyloom.errors import Unavailable
from storyloom.gpu.schemas import Gpu, GpuReading
from storyloom.gpu.status import GpuAnswer, GpuService, status_of
from storyloom.kit.questions import Questions

GPU = Gpu(index=0, utilization=45, memory_used=8192, memory_total=24564, temperature=65)


@dataclass
class FakeProbe:
    """Answers when it is let."""

    reading: GpuReading = field(default_factory=lambda: GpuReading((GPU,), 2))
    fault: Unavailable | None = None
    looks: int = 0
    may_answer: anyio.Event = field(default_factory=anyio.Event)

    async def look(self) -> GpuReading:
        self.looks += 1
        await self.may_answer.wait()
        if self.fault is not None:
            raise self.fault
        return self.reading


@dataclass
class Bench:
    probe: FakeProbe
    gpu: GpuService
    at: float = 100.0


@asynccontextmanager
async def opened() -> AsyncGenerator[Bench]:
    async with anyio.create_task_group() as tasks:
        probe = FakeProbe()
        made = Bench(probe, GpuService(probe, Questions(tasks), now=lambda: made.at))
        probe.may_answer.set()
        yield made
        tasks.cancel_scope.cancel()


async def test_the_figures_are_told_as_the_document_names_them() -> None:
    async with opened() as bench:
        answer = await bench.gpu.status()

        assert not answer.failed
        told = answer.status.model_dump(by_alias=True, exclude={"gpus"})
        assert told == {
            "available": True,
            "gpuCount": 1,
            "utilization": 45,
            "memoryUsed": 8192,
            "memoryTotal": 24564,
            "temperature": 65,
            "processCount": 2,
            "error": None,
        }


async def test_all_who_ask_at_the_same_time_share_one_look() -> None:
    async with opened() as bench:
        bench.probe.may_answer = anyio.Event()
        answers: list[GpuAnswer] = []

        async def ask() -> None:
            answers.append(await bench.gpu.status())

        async with anyio.create_task_group() as tasks:
            for _ in range(200):
                tasks.start_soon(ask)
            await anyio.wait_all_tasks_blocked()
            bench.probe.may_answer.set()

        assert bench.probe.looks == 1
        assert len(answers) == 200
        assert all(answer is answers[0] for answer in answers)


async def test_a_caller_who_leaves_does_not_end_the_look_of_the_others() -> None:
    async with opened() as bench:
        bench.probe.may_answer = anyio.Event()
        with anyio.move_on_after(0.01):
            await bench.gpu.status()

        bench.probe.may_answer.set()
        answer = await bench.gpu.status()

        assert answer.status.available
        assert bench.probe.looks == 1


@pytest.mark.parametrize("fault", [None, Unavailable("nvidia-smi has failed")])
async def test_an_answer_is_kept_for_five_seconds(fault: Unavailable | None) -> None:
    async with opened() as bench:
        bench.probe.fault = fault
        first = await bench.gpu.status()

        bench.at += 4.9
        assert await bench.gpu.status() is first
        assert bench.probe.looks == 1

        bench.at += 0.2
        await bench.gpu.status()
        assert bench.probe.looks == 2


async def test_a_failure_says_why_and_shows_no_figures() -> None:
    async with opened() as bench:
        bench.probe.fault = Unavailable("nvidia-smi not found or GPU not available")

        answer = await bench.gpu.status()

        assert answer.failed
        assert answer.status.model_dump(by_alias=True, exclude={"gpus"}) == {
            "available": False,
            "gpuCount": 0,
            "utilization": 0,
            "memoryUsed": 0,
            "memoryTotal": 0,
            "temperature": 0,
            "processCount": 0,
            "error": "nvidia-smi not found or GPU not available",
        }


async def test_a_look_that_takes_too_long_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with opened() as bench:
        monkeypatch.setattr("storyloom.gpu.status.PATIENCE_S", 0.01)
        bench.probe.may_answer = anyio.Event()

        answer = await bench.gpu.status()

        assert answer.failed
        assert "in time" in (answer.status.error or "")


def test_of_several_the_busiest_and_hottest_count_and_all_their_memory() -> None:
    other = GPU.model_copy(update={"utilization": 90, "temperature": 40})

    status = status_of(GpuReading((GPU, other)))

    assert (status.gpu_count, status.utilization, status.temperature) == (2, 90, 65)
    assert (status.memory_used, status.memory_total) == (16384, 49128)


def test_what_is_not_told_is_zero_in_the_whole_and_null_in_the_gpu() -> None:
    status = status_of(GpuReading((Gpu(),)))

    assert status.available
    assert (status.utilization, status.memory_total, status.temperature) == (0, 0, 0)
    assert status.gpus[0].memory_total is None


def test_a_gpu_that_works_is_available_beside_a_broken_one() -> None:
    status = status_of(GpuReading((Gpu(error="GPU is lost"), GPU)))

    assert status.available
    assert status.error is None
    assert status.gpu_count == 2


@pytest.mark.parametrize(
    ("reading", "error"),
    [
        (GpuReading((), says="No devices were found"), "No devices were found"),
        (GpuReading((Gpu(error="GPU is lost"),)), "GPU 0: GPU is lost"),
        (GpuReading(()), "nvidia-smi named no GPU"),
    ],
)
def test_without_a_usable_gpu_it_says_why(reading: GpuReading, error: str) -> None:
    status = status_of(reading)

    assert not status.available
    assert status.error == error
