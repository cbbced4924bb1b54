"""Those in this process who follow events: each has a buffer, and is dropped when it overflows."""

import asyncio
from collections import deque
from collections.abc import Sequence

from storyloom.events.schemas import Event, Filter

BUFFER = 1000
SLOW, STOPPING, TIME_OVER = "slow_client", "server_stopping", "time_over"


class Follower:
    """One of them. To be used in the event loop only."""

    def __init__(self, wanted: Filter, most: int = BUFFER) -> None:
        """Take what it wants, and how many events may wait for it."""
        self.wanted = wanted
        self.reason = ""  #: why it is told nothing more
        self._most = most
        self._waiting: deque[Event] = deque()
        self._news = asyncio.Event()

    def offer(self, event: Event) -> None:
        """Let the event wait for it, unless it wants no such one."""
        if self.reason or not self.wanted.takes(event):
            return
        if len(self._waiting) >= self._most:
            self.end(SLOW)
            return
        self._waiting.append(event)
        self._news.set()

    def end(self, reason: str) -> None:
        """Tell it nothing more; what waits is dropped, for it can be had from the log."""
        self.reason = self.reason or reason
        self._waiting.clear()
        self._news.set()

    async def next(self, within_s: float) -> Sequence[Event]:
        """What waits for it; nothing when the time is over, or when there is a reason."""
        try:
            async with asyncio.timeout(within_s):
                await self._news.wait()
        except TimeoutError:
            return ()
        if not self.reason:
            self._news.clear()
        events = list(self._waiting)
        self._waiting.clear()
        return events


class Followers:
    """All of them, found by what they want, so that an event costs those only whom it concerns."""

    def __init__(self) -> None:
        """Begin with none."""
        self._of: dict[tuple[str | None, str | None], set[Follower]] = {}
        self._somebody = asyncio.Event()
        self.count = 0

    def add(self, follower: Follower) -> None:
        """Tell it of events from now on."""
        self._of.setdefault(_key(follower.wanted), set()).add(follower)
        self.count += 1
        self._somebody.set()

    def remove(self, follower: Follower) -> None:
        """Tell it nothing more; one that is not there is no error."""
        key = _key(follower.wanted)
        of_key = self._of.get(key, set())
        if follower in of_key:
            of_key.remove(follower)
            self.count -= 1
        if not of_key:
            self._of.pop(key, None)
        if not self.count:
            self._somebody.clear()

    def hand(self, event: Event) -> None:
        """Offer an event to all whom it concerns."""
        for org_id in (event.org_id, None):
            for subject_id in (event.subject.id, None):
                for follower in self._of.get((org_id, subject_id), ()):
                    follower.offer(event)

    def end(self, reason: str) -> None:
        """Send all away."""
        for some in self._of.values():
            for follower in some:
                follower.end(reason)

    async def somebody(self) -> None:
        """Return when there is at least one."""
        await self._somebody.wait()


def _key(wanted: Filter) -> tuple[str | None, str | None]:
    return wanted.org_id, wanted.subject_id
