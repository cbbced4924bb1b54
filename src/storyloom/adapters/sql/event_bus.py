"""Hearing of events where processes share nothing but the database: by looking into the log."""

from collections.abc import Awaitable, Callable, Sequence

import anyio

from storyloom.events.ports import Heard
from storyloom.events.schemas import Event

LOOK_EVERY_S = 0.25


class SqlEventBus:
    """Has whoever follows look again, four times a second, while somebody does."""

    async def publish(self, events: Sequence[Event]) -> None:
        """Do nothing: they are in the log, where others look."""

    async def listen(self, heard: Heard, awaited: Callable[[], Awaitable[None]]) -> None:
        """Let the log be looked into, again and again."""
        while True:
            await awaited()
            heard(())
            await anyio.sleep(LOOK_EVERY_S)
