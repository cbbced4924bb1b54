"""Telling what a crash kept from being told, where it cannot be written together with what it tells of."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import anyio

from storyloom.errors import StoryloomError
from storyloom.events.ports import Untold
from storyloom.events.schemas import Draft
from storyloom.events.state import Events
from storyloom.kit.clock import Clock

PAGE = 500
EVERY_S = 10.0
# Whoever has just done something tells it by itself, a moment later.
GRACE = timedelta(seconds=3)
# The clocks of several hosts may differ by so much.
OVERLAP = timedelta(minutes=2)
# How much may have happened between the last event of all and the crash of all.
MARGIN = timedelta(minutes=10)
_TICK = timedelta(microseconds=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Happened:
    """What a row says of a moment, and what that is told by."""

    at: datetime
    drafts: Sequence[Draft]


#: What happened at a time or later, the earliest first, and at most so much.
Happenings = Callable[[datetime, int], Awaitable[Sequence[Happened]]]


class Backfill:
    """Compares what has happened lately with the log: it is in the row of a job first."""

    def __init__(
        self,
        events: Events,
        happenings: Sequence[Happenings],
        clock: Clock,
        untold: Untold | None = None,
    ) -> None:
        """Take the events, where jobs begin and end, and what keeps drafts until they are told."""
        self._events = events
        self._happenings = happenings
        self._untold = untold
        self._clock = clock
        self._since: datetime | None = None  #: all of before has been told

    async def run_once(self) -> int:
        """Tell what has not been told, and say how many events that were."""
        now = self._clock.now()
        since = self._since or await self._first(now)
        told = 0
        for happenings in self._happenings:
            told += await self._mend(happenings, since, now - GRACE)
        self._since = now - OVERLAP
        if self._untold is not None:
            told += await self._told(self._untold, now - GRACE)
        return told

    async def run_forever(self, every_s: float = EVERY_S) -> None:
        """Look again and again; a fault is logged, and the next round tries again."""
        while True:
            try:
                if told := await self.run_once():
                    log.warning("%d events had not been told", told)
            except StoryloomError as fault:
                log.warning("events that were not told have to wait: %s", fault)
            await anyio.sleep(every_s)

    async def _first(self, now: datetime) -> datetime:
        """From when on events may be missing: everybody may have been down for weeks since."""
        newest = (await self._events.log.span()).last
        last = await self._events.log.after(newest - 1, limit=1) if newest else ()
        return min([now, *(event.at for event in last)]) - MARGIN

    async def _mend(self, happenings: Happenings, since: datetime, until: datetime) -> int:
        told = 0
        while True:
            page = await happenings(since, PAGE)
            told += await self._recorded([d for one in page if one.at <= until for d in one.drafts])
            if len(page) < PAGE:
                return told
            # Those of one instant may lie on both sides of the cut.
            since = page[-1].at if page[-1].at > since else since + _TICK

    async def _told(self, untold: Untold, until: datetime) -> int:
        """What is left of many stays for the next round."""
        drafts = [draft for draft in await untold.untold(limit=PAGE) if draft.at <= until]
        told = await self._recorded(drafts)
        if drafts:
            await untold.strike_off([draft.id for draft in drafts])
        return told

    async def _recorded(self, drafts: Sequence[Draft]) -> int:
        known = await self._events.log.known([draft.id for draft in drafts]) if drafts else ()
        missing = [draft for draft in drafts if draft.id not in known]
        return len(await self._events.record(missing)) if missing else 0
