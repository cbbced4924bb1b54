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
    if settings.redis_url is None:
        yield MemoryHotJobs(clock)
        return
    from storyloom.adapters.redis.hot_jobs import open_hot_jobs  # noqa: PLC0415 - memory spares it

    async with open_hot_jobs(settings.redis_url.get_secret_value()) as hot:
        yield hot
