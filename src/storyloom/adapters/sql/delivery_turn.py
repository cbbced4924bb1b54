"""Whose turn it is to deliver, in an SQL database."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, writing
from storyloom.adapters.sql._tables import webhook_turn as t
from storyloom.adapters.sql._time import DatabaseTime
from storyloom.kit.clock import Clock

ONLY = "deliveries"  #: the one row that there is


class SqlDeliveryTurn:
    """Keeps it in the table `storyloom_webhook_turn`, with the number of the last event."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        """Take an open engine, whose closing is its owner's part, and the clock of this machine."""
        self._engine = engine
        self._time = DatabaseTime(engine, clock)

    async def take(self, holder: str, *, ttl_s: float) -> int | None:
        """Take the turn, or keep it, in one statement."""
        held = {"holder": holder, "held_until": self._time.later(ttl_s)}
        taking = (
            inserting(self._engine, t)
            .values(name=ONLY, seq=0, **held)
            .on_conflict_do_update(
                index_elements=[t.c.name],
                set_=held,
                where=sa.or_(
                    t.c.holder.is_(None),
                    t.c.holder == holder,
                    t.c.held_until <= self._time.now(),
                ),
            )
            .returning(t.c.seq)
        )
        async with writing(self._engine) as connection:
            return (await connection.execute(taking)).scalar()

    async def give_back(self, holder: str) -> None:
        """Let another take it."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.update(t).where(t.c.holder == holder).values(holder=None))
