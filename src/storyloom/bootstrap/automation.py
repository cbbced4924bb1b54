"""The GPU of this machine, and what uses it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio

from storyloom.adapters.memory.gpu_probe import NoGpuProbe
from storyloom.adapters.nvidia.gpu_probe import NvidiaGpuProbe
from storyloom.gpu.ports import GpuProbe
from storyloom.gpu.status import GpuService
from storyloom.kit.questions import Questions
from storyloom.settings import Settings, foreign_environment

NONE = "none"


@dataclass(frozen=True, slots=True)
class Automation:
    """What stories need of the machine."""

    gpu: GpuService


@asynccontextmanager
async def automation_of(settings: Settings) -> AsyncGenerator[Automation]:
    """Open what the settings choose; nothing is asked yet."""
    async with anyio.create_task_group() as tasks:
        questions = Questions(tasks)
        yield Automation(GpuService(gpu_probe_of(settings), questions))
        tasks.cancel_scope.cancel()


def gpu_probe_of(settings: Settings) -> GpuProbe:
    """What looks at the GPUs."""
    if settings.nvidia_smi == NONE:
        return NoGpuProbe()
    return NvidiaGpuProbe(foreign_environment(), settings.nvidia_smi)
