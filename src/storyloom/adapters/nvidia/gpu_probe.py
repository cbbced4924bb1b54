"""The GPUs of this machine, as nvidia-smi tells them."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from anyio import CapacityLimiter, to_thread

from storyloom.adapters.nvidia._csv import (
    ASKED,
    ASKED_OF_PROGRAMS,
    DOCUMENTED,
    gpus_of,
    programs_of,
)
from storyloom.adapters.nvidia._running import Printed, run
from storyloom.errors import TimedOut, Unavailable
from storyloom.gpu.schemas import GpuReading

TIMEOUT_S = 5.0
PROGRAMS_TIMEOUT_S = 2.0
NAME = "nvidia-smi"
STUCK = "nvidia-smi was killed and does not end: the driver of the GPU hangs"
NOT_FOUND = "nvidia-smi not found or GPU not available"  # the document's words
# Older drivers for Windows leave it where no PATH leads.
_WINDOWS = (
    Path(r"C:\Windows\System32\nvidia-smi.exe"),
    Path(r"C:\Program Files\NVIDIA Corporation\NVSMI\nvidia-smi.exe"),
)
_NO_SUCH_FIELD = 2
_NO_GPU = 6
_SAID_LENGTH = 500
_ENGLISH = {"LC_ALL": "C"}


class NvidiaGpuProbe:
    """Asks nvidia-smi, twice at most: for the GPUs, and for the programs that use them."""

    def __init__(
        self,
        environment: Mapping[str, str],
        program: str | None = None,
        *,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Take the environment that it is run in; without a program, the one on the PATH."""
        self._environment = {**environment, **_ENGLISH}
        self._program = program
        self._timeout_s = timeout_s
        self._room = CapacityLimiter(1)  # of its own: it may not wait behind drawings
        self._last: Printed | None = None

    async def look(self) -> GpuReading:
        """What nvidia-smi says now; raises `Unavailable`, or `TimedOut` when it hangs."""
        return await to_thread.run_sync(self._look, limiter=self._room)

    def _look(self) -> GpuReading:
        program = self._program or _found(self._environment)
        printed = self._ask(program, "gpu", ASKED)
        if printed.code == _NO_SUCH_FIELD:
            printed = self._ask(program, "gpu", DOCUMENTED)
        if printed.code == _NO_GPU:
            return GpuReading((), says=_said(printed))
        if printed.code:
            raise Unavailable(_said(printed), system=NAME)
        gpus = gpus_of(printed.text)
        programs = self._programs(program) if gpus else None
        if programs is None:
            return GpuReading(gpus)
        counted = (
            gpu.model_copy(update={"process_count": len(programs.get(gpu.uuid, ()))})
            if gpu.uuid
            else gpu
            for gpu in gpus
        )
        different = {pid for pids in programs.values() for pid in pids}
        return GpuReading(tuple(counted), len(different), programs=programs)

    def _programs(self, program: str) -> Mapping[str, frozenset[int]] | None:
        """Who computes; None where that is not told, which is no reason to tell nothing else."""
        try:
            printed = self._ask(program, "compute-apps", ASKED_OF_PROGRAMS, PROGRAMS_TIMEOUT_S)
        except Unavailable:
            return None
        return None if printed.code else programs_of(printed.text)

    def _ask(
        self, program: str, what: str, fields: Sequence[str], at_most_s: float = TIMEOUT_S
    ) -> Printed:
        if self._last is not None and self._last.is_stuck:
            raise TimedOut(STUCK, system=NAME)  # each one more would hang as well
        arguments = [program, f"--query-{what}={','.join(fields)}", "--format=csv,noheader,nounits"]
        within_s = min(at_most_s, self._timeout_s)
        try:
            printed = self._last = run(arguments, self._environment, within_s)
        except FileNotFoundError as fault:
            raise Unavailable(NOT_FOUND, system=NAME) from fault
        except (OSError, ValueError) as fault:
            raise Unavailable(f"nvidia-smi cannot be run: {fault}", system=NAME) from fault
        if printed.late:
            raise TimedOut(f"nvidia-smi did not answer within {within_s:g} seconds", system=NAME)
        if printed.cut:
            raise Unavailable("nvidia-smi printed without end", system=NAME)
        return printed


def _found(environment: Mapping[str, str]) -> str:
    places = (str(place) for place in _WINDOWS)
    on_path = shutil.which(NAME, path=environment.get("PATH"))
    return on_path or next((p for p in places if Path(p).is_file()), NAME)


def _said(printed: Printed) -> str:
    """The fault in its own words, in one line; it writes them to its output."""
    words = " ".join(printed.text.split())
    readable = "".join(c for c in words if c.isprintable())[:_SAID_LENGTH]
    return readable or f"nvidia-smi failed with the exit code {printed.code}"
