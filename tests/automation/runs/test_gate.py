"""When a GPU is free enough to begin, and cool enough to go on."""

from collections.abc import Mapping
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyloom.automation.runs.config import GpuThresholds
from storyloom.automation.runs.gate import CHOOSE, WHOSE, Engine, Gate
from storyloom.automation.runs.schemas import WaitCode
from storyloom.gpu.schemas import Gpu, GpuReading
from storyloom.gpu.status import GpuAnswer, status_of

LIMITS = GpuThresholds()
IDLE = Gpu(
    index=0, utilization=3, memory_used=1000, memory_total=24000, temperature=40, process_count=0
)
DOWN, UP, BEGUN = Engine(), Engine(is_up=True), Engine(is_up=True, has_begun=True)


def answer_of(
    *gpus: Gpu,
    says: str = "",
    failed: bool = False,
    processes: int = 0,
    programs: Mapping[str, frozenset[int]] | None = None,
) -> GpuAnswer:
    status = status_of(GpuReading(gpus, processes, says))
    return GpuAnswer(status, failed=failed, programs=programs)


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
        (idle(utilization=99, process_count=0), DOWN, WaitCode.GPU_BUSY),  # a game, perhaps
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


FIRST = IDLE.model_copy(update={"uuid": "GPU-1111-first"})
SECOND = IDLE.model_copy(update={"index": 1, "uuid": "GPU-2222-second"})
HOT = FIRST.model_copy(update={"temperature": 99})


def busy(*pids: int) -> GpuAnswer:
    """One GPU that is used as much as can be, by these programs."""
    used = FIRST.model_copy(
        update={"utilization": 99, "memory_used": 23000, "process_count": len(pids)}
    )
    return answer_of(used, processes=len(pids), programs={FIRST.uuid or "": frozenset(pids)})


@pytest.mark.parametrize(
    ("pids", "own", "is_up", "code"),
    [
        ((7, 8, 9), {7, 8, 9}, True, None),  # an engine of several processes
        ((7, 8), {7}, True, WaitCode.GPU_MEMORY),
        ((7,), set[int](), True, WaitCode.GPU_MEMORY),  # its model is not loaded yet
        ((7, 8), {7, 8}, False, WaitCode.GPU_MEMORY),  # of one that does not answer yet
    ],
)
def test_the_engines_own_processes_are_nobody_else(
    *, pids: tuple[int, ...], own: set[int], is_up: bool, code: WaitCode | None
) -> None:
    engine = Engine(is_up=is_up, programs=frozenset(own))

    verdict = Gate(LIMITS).judge(busy(*pids), engine)

    assert (verdict.code, verdict.unknown) == (code, ())


def test_where_nobody_can_tell_whose_they_are_one_is_the_engines_and_that_is_said() -> None:
    one, two = Gate(LIMITS).judge(busy(7), UP), Gate(LIMITS).judge(busy(7, 8), BEGUN)

    assert (one.code, one.unknown) == (None, (WHOSE,))
    assert (two.code, two.unknown) == (WaitCode.GPU_BUSY, (WHOSE,))


@pytest.mark.parametrize("devices", [("1",), ("GPU-2222",), ("gpu-2222-SECOND", "7")])
def test_of_several_gpus_those_that_are_named_count(devices: tuple[str, ...]) -> None:
    limits = LIMITS.model_copy(update={"devices": devices})

    assert Gate(limits).judge(answer_of(HOT, SECOND), DOWN).may_go
    hot = Gate(limits).judge(answer_of(FIRST, SECOND.model_copy(update={"temperature": 99})), DOWN)
    assert hot.detail == "GPU 1 has 99 °C; it goes on below 75 °C"


def test_a_gpu_that_is_named_and_not_there_is_not_waited_for() -> None:
    verdict = Gate(GpuThresholds(devices=("3",))).judge(answer_of(FIRST, SECOND), DOWN)

    assert (verdict.code, verdict.is_hopeless) == (WaitCode.GPU_UNKNOWN, True)
    assert "gpu.devices names 3" in verdict.detail


def test_of_several_gpus_those_on_which_the_engine_is_seen_count() -> None:
    programs = {HOT.uuid or "": frozenset({5}), SECOND.uuid or "": frozenset({7})}
    answer = answer_of(HOT, SECOND, processes=2, programs=programs)

    assert Gate(LIMITS).judge(answer, Engine(is_up=True, programs=frozenset({7}))).may_go
    assert not Gate(LIMITS).judge(answer, Engine(is_up=True, programs=frozenset({5}))).may_go


def test_of_several_gpus_all_that_are_large_enough_count_while_nobody_knows() -> None:
    small = HOT.model_copy(update={"memory_total": 2048})
    old = HOT.model_copy(update={"index": None})
    broken = Gpu(error="GPU is lost")

    either = Gate(LIMITS).judge(answer_of(old, SECOND), DOWN)
    assert either.detail == f"GPU 0 has 99 °C; it goes on below 75 °C ({CHOOSE})"
    assert Gate(LIMITS).judge(answer_of(small, SECOND), DOWN).may_go
    assert Gate(LIMITS).judge(answer_of(broken, SECOND), DOWN).may_go
    assert not Gate(LIMITS).judge(answer_of(small), DOWN).may_go


def test_each_gpu_is_as_hot_as_it_was() -> None:
    gate, warm = Gate(LIMITS), {"temperature": 80}

    assert not gate.judge(answer_of(HOT, SECOND), DOWN).may_go
    assert not gate.judge(answer_of(HOT.model_copy(update=warm), SECOND), DOWN).may_go
    cool = answer_of(FIRST, SECOND.model_copy(update=warm))
    assert gate.judge(cool, DOWN).may_go


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
