"""When a GPU is free enough to begin, and cool enough to go on."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyloom.automation.runs.config import GpuThresholds
from storyloom.automation.runs.gate import Engine, Gate
from storyloom.automation.runs.schemas import WaitCode
from storyloom.gpu.schemas import Gpu, GpuReading
from storyloom.gpu.status import GpuAnswer, status_of

LIMITS = GpuThresholds()
IDLE = Gpu(
    index=0, utilization=3, memory_used=1000, memory_total=24000, temperature=40, process_count=0
)
DOWN, UP, BEGUN = Engine(), Engine(is_up=True), Engine(is_up=True, has_begun=True)


def answer_of(*gpus: Gpu, says: str = "", failed: bool = False, processes: int = 0) -> GpuAnswer:
    return GpuAnswer(status_of(GpuReading(gpus, processes, says)), failed=failed)


def idle(**figures: int | str | None) -> GpuAnswer:
    return answer_of(IDLE.model_copy(update=figures))


@pytest.mark.parametrize(
    ("answer", "engine", "code"),
    [
        (idle(), DOWN, None),
        (idle(temperature=84), DOWN, None),
        (idle(temperature=85), BEGUN, WaitCode.GPU_HOT),
        (idle(utilization=79, process_count=2), DOWN, None),
        (idle(utilization=80, process_count=2), DOWN, WaitCode.GPU_BUSY),
        (idle(utilization=99, process_count=None), DOWN, WaitCode.GPU_BUSY),
        (idle(utilization=99, process_count=1), UP, None),  # its own work
        (idle(utilization=99, process_count=0), UP, None),  # within a container
        (idle(utilization=99, process_count=2), BEGUN, WaitCode.GPU_BUSY),
        (idle(memory_used=19904), DOWN, None),
        (idle(memory_used=19905), DOWN, WaitCode.GPU_MEMORY),
        (idle(memory_used=23000, process_count=1), UP, None),  # its own model
        (idle(memory_used=23000, process_count=2), UP, WaitCode.GPU_MEMORY),
        (idle(memory_used=23000, process_count=2), BEGUN, None),
    ],
)
def test_what_stands_in_the_way(answer: GpuAnswer, engine: Engine, code: WaitCode | None) -> None:
    verdict = Gate(LIMITS).judge(answer, engine)

    assert (verdict.code, verdict.may_go, bool(verdict.detail)) == (code, code is None, bool(code))
    assert verdict.unknown == ()


@pytest.mark.parametrize(
    ("figures", "unknown"),
    [
        ({"temperature": None}, ("temperature",)),
        ({"utilization": None}, ("utilization",)),
        ({"memory_total": None}, ("memory",)),
        ({"memory_used": None, "temperature": None}, ("temperature", "memory")),
    ],
)
def test_what_is_not_told_blocks_nobody_and_is_said(
    figures: dict[str, None], unknown: tuple[str, ...]
) -> None:
    verdict = Gate(LIMITS).judge(idle(**figures), DOWN)

    assert (verdict.may_go, verdict.unknown) == (True, unknown)


def test_of_several_gpus_the_named_one_counts_or_else_the_first_that_works() -> None:
    hot = IDLE.model_copy(update={"temperature": 99})
    other = IDLE.model_copy(update={"index": 1})
    broken = Gpu(error="GPU is lost")

    assert not Gate(LIMITS).judge(answer_of(hot, other), DOWN).may_go
    assert Gate(LIMITS, index=1).judge(answer_of(hot, other), DOWN).may_go
    assert Gate(LIMITS).judge(answer_of(broken, other), DOWN).may_go


def test_without_a_gpu_it_is_said_that_waiting_does_not_help() -> None:
    none = answer_of(says="No devices were found")
    verdict = Gate(LIMITS).judge(none, DOWN)

    assert (verdict.code, verdict.is_hopeless) == (WaitCode.GPU_UNKNOWN, True)
    assert "No devices were found" in verdict.detail
    assert Gate(LIMITS).judge(none, UP).unknown == ("state",)


def test_one_that_cannot_be_read_now_may_be_read_later() -> None:
    verdict = Gate(LIMITS).judge(answer_of(says="nvidia-smi hangs", failed=True), DOWN)

    assert (verdict.code, verdict.is_hopeless) == (WaitCode.GPU_UNKNOWN, False)
    assert "nvidia-smi hangs" in verdict.detail


def test_a_gate_that_was_shut_for_others_opens_when_they_are_gone() -> None:
    gate = Gate(LIMITS)

    assert not gate.judge(idle(utilization=90, process_count=2), UP).may_go
    assert not gate.judge(idle(utilization=70, process_count=2), UP).may_go
    assert gate.judge(idle(utilization=70, process_count=1), UP).may_go
    assert gate.judge(idle(utilization=70, process_count=2), UP).may_go


@given(st.lists(st.integers(30, 120), min_size=2), st.integers(40, 100), st.integers(0, 30))
def test_between_its_thresholds_it_stays_as_it_was(
    temperatures: list[int], most: int, apart: int
) -> None:
    resume = max(30, most - apart)
    gate = Gate(GpuThresholds(max_temperature=most, resume_temperature=resume))
    opened = [gate.judge(idle(temperature=t), BEGUN).may_go for t in temperatures]

    assert opened[0] == (temperatures[0] < most)
    for (before, now), temperature in zip(pairwise(opened), temperatures[1:], strict=True):
        if resume <= temperature < most:
            assert now == before
        else:
            assert now == (temperature < resume)
