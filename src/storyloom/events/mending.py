"""Telling the ends of jobs that a crash kept from being told."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

import anyio

from storyloom.errors import StoryloomError
from storyloom.events.schemas import Draft
from storyloom.events.state import Events
from storyloom.kit.clock import Clock

PAGE = 500
EVERY_S = 10.0
# Whoever has just ended a job tells it by itself, a moment later.
GRACE = timedelta(seconds=3)
# The clocks of several hosts may differ by so much.
OVERLAP = timedelta(minutes=2)
# How much may have happened between the last event of all and the crash of all.
MARGIN = timedelta(minutes=10)
_TICK = timedelta(microseconds=1)
#: Ends that happened at a time or later, the earliest first, and at most so many.
Endings = Callable[[datetime, int], Awaitable[Sequence[Draft]]]
log = logging.getLogger(__name__)


class EndMender:
    """Compares what has ended lately with the log: an end is in the row of a job first."""

    def __init__(self, events: Events, endings: Sequence[Endings], clock: Clock) -> None:
        """Take the events, and where jobs of each kind end."""
        self._events = events
        self._endings = endings
        self._clock = clock
        self._since: datetime | None = None  #: all ends of before have been told

    async def run_once(self) -> int:
        """Tell what has not been told, and say how many ends that were."""
        now = self._clock.now()
        since = self._since or await self._first(now)
        told = 0
        for endings in self._endings:
            told += await self._mend(endings, since, now - GRACE)
        self._since = now - OVERLAP
        return told

    async def run_forever(self, every_s: float = EVERY_S) -> None:
        """Look again and again; a fault is logged, and the next round tries again."""
        while True:
            try:
                if told := await self.run_once():
                    log.warning("%d jobs had ended without being told of", told)
            except StoryloomError as fault:
                log.warning("ends that were not told have to wait: %s", fault)
            await anyio.sleep(every_s)

    async def _first(self, now: datetime) -> datetime:
        """From when on ends may be missing: everybody may have been down for weeks since."""
        newest = (await self._events.log.span()).last
        last = await self._events.log.after(newest - 1, limit=1) if newest else ()
        return min([now, *(event.at for event in last)]) - MARGIN

    async def _mend(self, endings: Endings, since: datetime, until: datetime) -> int:
        told = 0
        while True:
            page = await endings(since, PAGE)
            known = await self._events.log.known([draft.id for draft in page])
            missing = [one for one in page if one.id not in known and one.at <= until]
            if missing:
                told += len(await self._events.record(missing))
            if len(page) < PAGE:
                return told
            # Those of one instant may lie on both sides of the cut.
            since = page[-1].at if page[-1].at > since else since + _TICK
