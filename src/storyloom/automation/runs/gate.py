"""Whether a GPU is free enough to begin, and cool enough to go on.

Free memory is the hard limit, and only before the engine's model is loaded: afterwards it is the model
that fills it. Utilization is politeness towards others, so that of our own engine does not count. What a
GPU does not tell stands in nobody's way.
"""

from dataclasses import dataclass

from storyloom.automation.runs.config import GpuThresholds
from storyloom.automation.runs.schemas import WaitCode
from storyloom.gpu.schemas import Gpu, GpuStatus
from storyloom.gpu.status import GpuAnswer

_ALONE = 1
LOOK_ELSEWHERE = "STORYLOOM_NVIDIA_SMI=none makes pictures without looking at the GPU"


@dataclass(frozen=True, slots=True)
class Engine:
    """What is known of the program that makes the pictures."""

    is_up: bool = False  #: it answers, so one of the programs on the GPU is its
    has_begun: bool = False  #: it has been let make pictures, so its model is loaded


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a picture may be begun; where not, why, in a code and a sentence."""

    code: WaitCode | None = None
    detail: str = ""
    is_hopeless: bool = False  #: waiting will not help
    unknown: tuple[str, ...] = ()  #: what could not be looked at

    @property
    def may_go(self) -> bool:
        """Whether nothing is in the way."""
        return self.code is None


class Gate:
    """Judges one GPU for one run. It remembers what it was shut for, so that it does not flutter."""

    def __init__(self, limits: GpuThresholds, index: int = 0) -> None:
        """Take the thresholds, and which GPU of the machine it is."""
        self._limits = limits
        self._index = index
        self._is_hot = False
        self._is_busy = False

    def judge(self, answer: GpuAnswer, engine: Engine) -> Verdict:
        """Say whether a picture may be begun now."""
        status = answer.status
        if not status.available:
            return _unreadable(answer, engine)
        gpu = _figures(status, self._index)
        unknown = _unknown(gpu)
        others = _others(status, gpu, engine)
        found = self._heat(gpu) or self._memory(gpu, engine, others) or self._work(gpu, others)
        if found is None:
            return Verdict(unknown=unknown)
        return Verdict(found[0], found[1], unknown=unknown)

    def _heat(self, gpu: Gpu) -> tuple[WaitCode, str] | None:
        limits = self._limits
        self._is_hot = _is_shut(
            gpu.temperature, self._is_hot, limits.max_temperature, limits.resume_temperature
        )
        if not self._is_hot:
            return None
        return WaitCode.GPU_HOT, (
            f"The GPU has {gpu.temperature} °C; it goes on below {limits.resume_temperature} °C"
        )

    def _memory(self, gpu: Gpu, engine: Engine, others: int | None) -> tuple[WaitCode, str] | None:
        if gpu.memory_used is None or gpu.memory_total is None:
            return None
        # What fills it may be the engine's own model.
        if engine.has_begun or (engine.is_up and not others):
            return None
        free = gpu.memory_total - gpu.memory_used
        if free >= self._limits.min_free_memory:
            return None
        return WaitCode.GPU_MEMORY, (
            f"{free} MiB of the GPU's memory are free; {self._limits.min_free_memory} MiB are needed"
        )

    def _work(self, gpu: Gpu, others: int | None) -> tuple[WaitCode, str] | None:
        limits = self._limits
        if others == 0:
            self._is_busy = False
            return None
        self._is_busy = _is_shut(
            gpu.utilization, self._is_busy, limits.max_utilization, limits.resume_utilization
        )
        if not self._is_busy:
            return None
        return WaitCode.GPU_BUSY, (
            f"Others use {gpu.utilization} % of the GPU; "
            f"it goes on below {limits.resume_utilization} %"
        )


def _is_shut(figure: int | None, was_shut: bool, most: int, resume: int) -> bool:  # noqa: FBT001
    """It shuts at the most, and opens below the other; nobody waits for what is not told."""
    if figure is None:
        return False
    return figure >= resume if was_shut else figure >= most


def _others(status: GpuStatus, gpu: Gpu, engine: Engine) -> int | None:
    """How many programs of others compute on it; None where none is seen, as in containers."""
    seen = gpu.process_count
    if seen is None:
        seen = status.process_count or None
    if not engine.is_up:
        return seen
    # Within containers none is seen: then the work may be the engine's own.
    return 0 if not seen else max(0, seen - _ALONE)


def _figures(status: GpuStatus, index: int) -> Gpu:
    """The figures of one GPU; where it is not told apart, those of the first that works."""
    able = [gpu for gpu in status.gpus if gpu.error is None]
    named = [gpu for gpu in able if gpu.index == index]
    return (named or able or [Gpu()])[0]


def _unknown(gpu: Gpu) -> tuple[str, ...]:
    told = {
        "temperature": gpu.temperature,
        "utilization": gpu.utilization,
        "memory": None if gpu.memory_total is None else gpu.memory_used,
    }
    return tuple(name for name, figure in told.items() if figure is None)


def _unreadable(answer: GpuAnswer, engine: Engine) -> Verdict:
    says = answer.status.error or "no GPU was found"
    if engine.is_up:  # whatever it computes on is there
        return Verdict(unknown=("state",))
    if answer.failed:
        detail = f"The state of the GPU cannot be read: {says}; {LOOK_ELSEWHERE}"
        return Verdict(WaitCode.GPU_UNKNOWN, detail)
    detail = f"There is no GPU here that can be used: {says}; {LOOK_ELSEWHERE}"
    return Verdict(WaitCode.GPU_UNKNOWN, detail, is_hopeless=True)
