"""Which queues are paused, in an SQL database."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, reading, writing
from storyloom.adapters.sql._tables import queue_switches as t


class SqlQueueSwitches:
    """Keeps a row in the table `storyloom_queues` for each queue that is paused."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def paused(self) -> Mapping[str, datetime]:
        """The paused queues, and since when."""
        async with reading(self._engine) as connection:
            rows = (await connection.execute(sa.select(t.c.name, t.c.paused_at))).all()
        return {row.name: row.paused_at for row in rows}

    async def pause(self, name: str, at: datetime) -> None:
        """Keep that it is paused; one that is paused already keeps its time."""
        new = inserting(self._engine, t).values(name=name, paused_at=at).on_conflict_do_nothing()
        async with writing(self._engine) as connection:
            await connection.execute(new)

    async def resume(self, name: str) -> None:
        """Keep that it is not paused."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.delete(t).where(t.c.name == name))
