"""Appending events to the log without making anybody wait for it."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from itertools import islice

import anyio

from storyloom.errors import Unavailable
from storyloom.events.ports import EventLog
from storyloom.events.schemas import Draft, Event

AT_ONCE = 500
# Some megabytes. The log is away for long when there are so many.
MOST = 20_000
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0
CLOSE_WITHIN_S = 5.0
Told = Callable[[Sequence[Event]], Awaitable[None]]
log = logging.getLogger(__name__)


class Appender:
    """Takes drafts from any thread, and appends all that have gathered in one go.

    While the log is away they wait. What does not fit any longer is dropped; acceptances and ends of
    jobs are made good later.
    """

    def __init__(self, kept: EventLog, told: Told) -> None:
        """Take the log, and whom to tell of what has been appended. To be made in the event loop."""
        self._log = kept
        self._told = told
        self._drafts: deque[Draft] = deque()
        self._suspects = 0  #: so many of the first were refused together, and go one by one
        self._news = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def soon(self, drafts: Sequence[Draft]) -> None:
        """Append them at the next chance. May be called in any thread."""
        try:
            is_home = asyncio.get_running_loop() is self._loop
        except RuntimeError:
            is_home = False
        if is_home:
            self._take(drafts)
        else:
            self._loop.call_soon_threadsafe(self._take, drafts)

    async def run_forever(self) -> None:
        """Append what comes."""
        wait_s = FIRST_WAIT_S
        while True:
            await self._news.wait()
            try:
                await self._append_some()
                wait_s = FIRST_WAIT_S
            except Unavailable as fault:
                log.warning("events wait for their log: %s", fault)
                await anyio.sleep(wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)

    async def close(self) -> None:
        """Append what is left, if that can be done soon."""
        with anyio.move_on_after(CLOSE_WITHIN_S, shield=True):
            try:
                while self._drafts:
                    await self._append_some()
            except Unavailable as fault:
                log.warning("%d events are lost: %s", len(self._drafts), fault)

    def _take(self, drafts: Sequence[Draft]) -> None:
        room = MOST - len(self._drafts)
        if len(drafts) > room:
            log.error("%d events are lost: too many wait for their log", len(drafts) - room)
        self._drafts.extend(drafts[:room])
        self._news.set()

    async def _append_some(self) -> None:
        some = list(islice(self._drafts, 1 if self._suspects else AT_ONCE))
        try:
            appended = await self._log.append(some)
        except Unavailable:
            raise
        except Exception:
            # None of ours should get here; the others must not wait behind it for ever.
            if len(some) > 1:
                self._suspects = len(some)
                return
            log.exception("an event is lost: its log refuses it")
            appended = ()
        self._suspects = max(self._suspects - 1, 0)
        # Only now: whoever is stopped before has them still.
        for _ in some:
            self._drafts.popleft()
        if not self._drafts:
            self._news.clear()
        if appended:
            await self._told(appended)
        if len(appended) < len(some):
            # Kept together with what they tell of, say: whoever follows is to look.
            await self._told(())
