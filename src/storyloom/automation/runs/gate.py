"""Whether the GPUs are free enough to begin, and cool enough to go on.

Free memory is the hard limit, and only before the engine's model is loaded: afterwards it is the model
that fills it. Utilization is politeness towards others, so that of our own engine does not count. What a
GPU does not tell stands in nobody's way.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from storyloom.automation.runs.config import GpuThresholds
from storyloom.automation.runs.schemas import WaitCode
from storyloom.gpu.schemas import Gpu
from storyloom.gpu.status import GpuAnswer

_ALONE = 1
LOOK_ELSEWHERE = "STORYLOOM_NVIDIA_SMI=none makes pictures without looking at the GPU"
CHOOSE = "gpu.devices says which one the engine uses"
WHOSE = "whose the programs are"


@dataclass(frozen=True, slots=True)
class Engine:
    """What is known of the program that makes the pictures."""

    is_up: bool = False  #: it answers, so one of the programs on the GPU is its
    has_begun: bool = False  #: it has been let make pictures, so its model is loaded
    programs: frozenset[int] | None = None  #: its processes on the GPUs; None: nobody can tell


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
    """Judges the GPUs of one engine for one run: what is in the way on one of them is in the way."""

    def __init__(self, limits: GpuThresholds) -> None:
        """Take the thresholds."""
        self._limits = limits
        self._bars: dict[str, _Bar] = {}

    def judge(self, answer: GpuAnswer, engine: Engine) -> Verdict:
        """Say whether a picture may be begun now."""
        status = answer.status
        if not status.available:
            return _unreadable(answer, engine, status.error or "no GPU was found")
        gpus, is_sure = _used(answer, engine, self._limits)
        if not gpus:
            names = ", ".join(self._limits.devices)
            return _unreadable(answer, engine, f"gpu.devices names {names}, and it has no such one")
        unknown = tuple(dict.fromkeys(name for gpu in gpus for name in _unknown(gpu)))
        if engine.is_up and engine.programs is None and status.process_count:
            unknown = (*unknown, WHOSE)
        found: list[tuple[WaitCode, str]] = []
        for gpu in gpus:
            place = status.gpus.index(gpu) if gpu.index is None else gpu.index
            name = "the GPU" if len(status.gpus) == 1 else f"GPU {place}"
            bar = self._bars.setdefault(gpu.uuid or name, _Bar(self._limits, name))
            obstacle = bar.obstacle(gpu, _others(answer, gpu, engine), engine)
            found += [] if obstacle is None else [obstacle]
        if not found:
            return Verdict(unknown=unknown)
        code, detail = found[0]
        return Verdict(code, detail if is_sure else f"{detail} ({CHOOSE})", unknown=unknown)


class _Bar:
    """Shuts for one GPU. It remembers what it was shut for, so that it does not flutter."""

    def __init__(self, limits: GpuThresholds, name: str) -> None:
        self._limits = limits
        self._name = name
        self._is_hot = False
        self._is_busy = False

    def obstacle(self, gpu: Gpu, others: int | None, engine: Engine) -> tuple[WaitCode, str] | None:
        """What is in the way on it."""
        return self._heat(gpu) or self._memory(gpu, engine, others) or self._work(gpu, others)

    def _heat(self, gpu: Gpu) -> tuple[WaitCode, str] | None:
        limits = self._limits
        self._is_hot = _is_shut(
            gpu.temperature, self._is_hot, limits.max_temperature, limits.resume_temperature
        )
        if not self._is_hot:
            return None
        name = self._name[:1].upper() + self._name[1:]
        return WaitCode.GPU_HOT, (
            f"{name} has {gpu.temperature} °C; it goes on below {limits.resume_temperature} °C"
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
            f"{free} MiB of the memory of {self._name} are free; "
            f"{self._limits.min_free_memory} MiB are needed"
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
            f"Others use {gpu.utilization} % of {self._name}; "
            f"it goes on below {limits.resume_utilization} %"
        )


def _is_shut(figure: int | None, was_shut: bool, most: int, resume: int) -> bool:  # noqa: FBT001
    """It shuts at the most, and opens below the other; nobody waits for what is not told."""
    if figure is None:
        return False
    return figure >= resume if was_shut else figure >= most


def _used(answer: GpuAnswer, engine: Engine, limits: GpuThresholds) -> tuple[Sequence[Gpu], bool]:
    """The GPUs that the engine uses, and whether that is sure.

    They are those that were named; or those on which it is seen; or any that is large enough.
    """
    able = [gpu for gpu in answer.status.gpus if gpu.error is None]
    if limits.devices:
        return [gpu for gpu in able if _is_named(gpu, limits.devices)], True
    own = engine.programs or frozenset()
    if seen := [gpu for gpu in able if own & _pids(answer, gpu)]:
        return seen, True
    least = limits.min_free_memory
    large = [gpu for gpu in able if gpu.memory_total is None or gpu.memory_total >= least]
    return large or able, len(able) == 1


def _is_named(gpu: Gpu, devices: Sequence[str]) -> bool:
    uuid = (gpu.uuid or "").casefold()
    return str(gpu.index) in devices or any(uuid.startswith(one.casefold()) for one in devices)


def _pids(answer: GpuAnswer, gpu: Gpu) -> frozenset[int]:
    """The programs that are seen on it; none where nobody tells."""
    return (answer.programs or {}).get(gpu.uuid or "", frozenset())


def _others(answer: GpuAnswer, gpu: Gpu, engine: Engine) -> int | None:
    """How many programs of others compute on it; None where none is seen, as in containers."""
    pids = _pids(answer, gpu)
    if pids and engine.programs is not None:
        return len(pids - engine.programs)
    seen = gpu.process_count
    if seen is None:
        seen = answer.status.process_count
    if not engine.is_up:
        return seen or None
    # Within containers none is seen: then the work may be the engine's own.
    return max(0, seen - _ALONE)


def _unknown(gpu: Gpu) -> tuple[str, ...]:
    told = {
        "temperature": gpu.temperature,
        "utilization": gpu.utilization,
        "memory": None if gpu.memory_total is None else gpu.memory_used,
    }
    return tuple(name for name, figure in told.items() if figure is None)


def _unreadable(answer: GpuAnswer, engine: Engine, says: str) -> Verdict:
    if engine.is_up:  # whatever it computes on is there
        return Verdict(unknown=("state",))
    if answer.failed:
        detail = f"The state of the GPU cannot be read: {says}; {LOOK_ELSEWHERE}"
        return Verdict(WaitCode.GPU_UNKNOWN, detail)
    detail = f"There is no GPU here that can be used: {says}; {LOOK_ELSEWHERE}"
    return Verdict(WaitCode.GPU_UNKNOWN, detail, is_hopeless=True)
