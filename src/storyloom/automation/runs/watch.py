"""A look at the GPUs with an eye to one engine: which of the programs on them are its."""

from dataclasses import dataclass

from storyloom.automation.runs.gate import Engine
from storyloom.automation.runs.ports import EnginePrograms
from storyloom.gpu.status import GpuAnswer, GpuService


@dataclass(frozen=True, slots=True)
class GpuWatch:
    """What tells the state of the GPUs, and whose the programs on them are."""

    gpu: GpuService
    programs: EnginePrograms

    async def look(self, *, is_up: bool, has_begun: bool = False) -> tuple[GpuAnswer, Engine]:
        """The GPUs at most five seconds ago, and what is known of the engine; never raises."""
        answer = await self.gpu.status()
        seen = frozenset[int]().union(*(answer.programs or {}).values())
        own = await self.programs.among(seen)
        return answer, Engine(is_up=is_up, has_begun=has_begun, programs=own)
