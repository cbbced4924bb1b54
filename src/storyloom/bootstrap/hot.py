"""Where hot state is kept."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from storyloom.adapters.memory.hot_jobs import MemoryHotJobs
from storyloom.jobs.ports import HotJobs
from storyloom.kit.clock import Clock
from storyloom.settings import Settings


@asynccontextmanager
async def hot_of(settings: Settings, clock: Clock) -> AsyncGenerator[HotJobs]:
    """Open the hot state that the settings choose."""
    del settings
    yield MemoryHotJobs(clock)
