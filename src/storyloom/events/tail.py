"""The end of the log, followed once for all in this process."""

import asyncio
import logging
from collections.abc import Sequence

from storyloom.errors import StoryloomError
from storyloom.events.followers import Follower, Followers
from storyloom.events.ports import EventLog
from storyloom.events.schemas import Event

PAGE = 500
# A word may get lost between processes; then an event is late by so much, and no more.
LOOK_EVERY_S = 5.0
TRY_EVERY_S = 0.5
log = logging.getLogger(__name__)


class Tail:
    """Hands on each event once and in order, whichever way it comes to be known.

    Events that are told come in any order, twice, or not at all. So one is handed on only when it
    is the very next one, and else the log is read, which has them all in order.
    """

    def __init__(self, kept: EventLog) -> None:
        """Take the log. To be made in the event loop."""
        self.followers = Followers()
        self._log = kept
        self._at: int | None = None  #: all up to here have been handed on; None: nobody follows
        self._look = asyncio.Event()

    async def join(self, follower: Follower) -> int:
        """Hand everything to it that comes after the number that is given back."""
        if self._at is None:
            newest = (await self._log.span()).last
            if self._at is None:  # somebody else may have come first
                self._at = newest
            # What was told of while we asked has passed by.
            self._look.set()
        self.followers.add(follower)
        return self._at

    def leave(self, follower: Follower) -> None:
        """Hand nothing more to it."""
        self.followers.remove(follower)
        if not self.followers.count:
            self._at = None

    def heard(self, events: Sequence[Event]) -> None:
        """Take what is told, in any order; nothing means that something may have been missed."""
        if not events or not self._handed(events, has_all=False):
            self._look.set()

    async def follow(self) -> None:
        """Read what is missed; runs for ever."""
        while True:
            await self.followers.somebody()
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await self._look.wait()
            except TimeoutError:
                pass
            self._look.clear()
            try:
                await self._read_on()
            except StoryloomError as fault:
                log.debug("events have to wait: %s", fault)
                self._look.set()
                await asyncio.sleep(TRY_EVERY_S)

    async def _read_on(self) -> None:
        while True:
            at = self._at
            if at is None:
                return
            page = await self._log.after(at, limit=PAGE)
            if self._at is None or self._at < at:
                # All have left meanwhile, and somebody may have joined who needs what comes before.
                continue
            self._handed(page, has_all=True)
            if len(page) < PAGE:
                return

    def _handed(self, events: Sequence[Event], *, has_all: bool) -> bool:
        """Hand on what is next; False where others are missing in between."""
        for event in events:
            if self._at is None:
                break
            if event.seq <= self._at:
                continue
            if event.seq > self._at + 1 and not has_all:
                return False
            self._at = event.seq
            self.followers.hand(event)
        return True
