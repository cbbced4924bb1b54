"""GPU status: one look for everybody who asks within some seconds."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from time import monotonic

from storyloom.errors import Unavailable
from storyloom.gpu.ports import GpuProbe
from storyloom.gpu.schemas import Gpu, GpuReading, GpuStatus
from storyloom.kit.questions import Questions

KEPT_S = 5.0
PATIENCE_S = 15.0
NONE_TOLD = "nvidia-smi named no GPU"
LATE = "The GPU's state could not be read in time"


@dataclass(frozen=True, slots=True)
class GpuAnswer:
    """The status, and whether it is so only because nothing could be found out."""

    status: GpuStatus
    failed: bool
    #: The process ids of those that compute, by the GPU's uuid; None where nobody tells.
    programs: Mapping[str, frozenset[int]] | None = None


_UNKNOWN = GpuAnswer(GpuStatus(available=False, error=LATE), failed=True)


class GpuService:
    """Tells the state of the GPUs. An answer is kept for five seconds, a failure too.

    A look costs a process, and wakes a GPU that sleeps; so there is one at a time, for all who wait,
    and none that nobody asked for.
    """

    def __init__(
        self, probe: GpuProbe, questions: Questions, *, now: Callable[[], float] = monotonic
    ) -> None:
        """Take the probe, and where its looks live: a caller who leaves does not end them."""
        self._probe = probe
        self._questions = questions
        self._now = now
        self._kept: tuple[float, GpuAnswer] | None = None

    async def status(self) -> GpuAnswer:
        """The state, at most five seconds old; never raises."""
        kept = self._kept
        if kept is None or kept[0] <= self._now():
            try:
                await self._questions.ask("gpu status", self._look, PATIENCE_S)
            except TimeoutError:
                return _UNKNOWN
            kept = self._kept
        # There is none when the service is closed while somebody waits.
        return _UNKNOWN if kept is None else kept[1]

    async def _look(self) -> None:
        try:
            reading = await self._probe.look()
            answer = GpuAnswer(status_of(reading), failed=False, programs=reading.programs)
        except Unavailable as fault:
            answer = GpuAnswer(GpuStatus(available=False, error=fault.message), failed=True)
        self._kept = (self._now() + KEPT_S, answer)


def status_of(reading: GpuReading) -> GpuStatus:
    """All GPUs as one: the busiest, the hottest, and their memory together."""
    gpus = reading.gpus
    available = any(gpu.error is None for gpu in gpus)
    return GpuStatus(
        available=available,
        gpu_count=len(gpus),
        utilization=max(_told(gpu.utilization for gpu in gpus), default=0),
        memory_used=sum(_told(gpu.memory_used for gpu in gpus)),
        memory_total=sum(_told(gpu.memory_total for gpu in gpus)),
        temperature=max(_told(gpu.temperature for gpu in gpus), default=0),
        process_count=reading.processes,
        error=None if available else reading.says or _faults(gpus) or NONE_TOLD,
        gpus=gpus,
    )


def _told(figures: Iterable[int | None]) -> list[int]:
    return [figure for figure in figures if figure is not None]


def _faults(gpus: Iterable[Gpu]) -> str:
    return "; ".join(f"GPU {n}: {gpu.error}" for n, gpu in enumerate(gpus))
