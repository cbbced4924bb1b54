"""The log of events, and what tells other processes of them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.sql.event_bus import SqlEventBus
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.events.ports import EventBus
from storyloom.events.state import Events
from storyloom.settings import Settings


@asynccontextmanager
async def events_of(settings: Settings, database: AsyncEngine) -> AsyncGenerator[Events]:
    """Open them; what has been emitted is appended when they are closed."""
    async with _bus(settings) as bus:
        events = Events(SqlEventLog(database), bus, streams=settings.event_streams)
        async with events.running():
            yield events


@asynccontextmanager
async def _bus(settings: Settings) -> AsyncGenerator[EventBus]:
    if settings.redis_url is not None:
        from storyloom.adapters.redis.event_bus import open_event_bus  # noqa: PLC0415 - it is large

        async with open_event_bus(settings.redis_url.get_secret_value()) as bus:
            yield bus
    elif settings.database_url is not None:
        yield SqlEventBus()
    else:
        yield MemoryEventBus()
