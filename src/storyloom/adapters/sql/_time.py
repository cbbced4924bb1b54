"""The time, as the database tells it."""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._types import UtcTimestamp
from storyloom.kit.clock import Clock


class DatabaseTime:
    """PostgreSQL tells the time itself; SQLite is on this machine, so this machine's clock does."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        """Take the database, and the clock of this machine."""
        self._clock = clock
        self._is_sqlite = engine.dialect.name == "sqlite"

    def now(self) -> sa.ColumnElement[datetime]:
        """The time now."""
        if self._is_sqlite:
            return sa.literal(self._clock.now(), UtcTimestamp)
        return sa.func.clock_timestamp(type_=UtcTimestamp)

    def later(self, seconds: float) -> sa.ColumnElement[datetime]:
        """The time in so many seconds."""
        if self._is_sqlite:
            return sa.literal(self._clock.now() + timedelta(seconds=seconds), UtcTimestamp)
        return self.now() + sa.func.make_interval(0, 0, 0, 0, 0, 0, seconds)
