"""Events: emitted in the background, kept in one log, followed from any place of it."""

import asyncio
import logging
import math
from collections import Counter
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing, asynccontextmanager, contextmanager

import anyio

from storyloom.errors import Unavailable
from storyloom.events.appending import Appender
from storyloom.events.errors import EventsGone, TooManyStreams
from storyloom.events.followers import BUFFER, STOPPING, TIME_OVER, Follower
from storyloom.events.ports import EventBus, EventLog
from storyloom.events.schemas import Draft, Event, EventPage, Filter
from storyloom.events.tail import Tail

STREAMS = 2000
REPLAY_PAGE = 500
log = logging.getLogger(__name__)


class Events:
    """What happens in all processes, as one log. To be made in the event loop."""

    def __init__(
        self,
        kept: EventLog,
        bus: EventBus,
        *,
        streams: int = STREAMS,
        buffer: int = BUFFER,
    ) -> None:
        """Take the log and what tells other processes; how many follow here, and buffer how much."""
        self.log = kept
        self._bus = bus
        self._streams = streams
        self._buffer = buffer
        self._tail = Tail(kept)
        self._appender = Appender(kept, self._tell)
        self._open = 0
        self._open_of = Counter[str]()  # of organisations
        self._is_closed = False

    @property
    def open_streams(self) -> int:
        """How many follow now: whoever counts is told of all that happens from here on."""
        return self._tail.followers.count

    def emit(self, *drafts: Draft) -> None:
        """Append them soon. Returns at once, in any thread, and never raises."""
        self._appender.soon(drafts)

    async def record(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        """Append now, and give what was not there yet; raises `Unavailable`."""
        appended = await self.log.append(drafts)
        if appended:
            await self._tell(appended)
        return appended

    async def page(self, after: int, wanted: Filter, *, limit: int, wait_s: float = 0) -> EventPage:
        """Events after this place; the first ones that come, within the wait, where there are none.

        Raises `EventsGone`, and `TooManyStreams` for one who would wait.
        """
        found = await self._page(after, wanted, limit)
        if found.data or not wait_s or self._is_closed:
            return found
        async with self.following(wanted, found.next_after) as following:
            with anyio.move_on_after(wait_s):
                async with aclosing(following.events(beat_s=wait_s)) as told:
                    async for events in told:
                        if events:
                            some = list(events)[:limit]
                            return EventPage(data=some, next_after=some[-1].seq)
        return found

    @asynccontextmanager
    async def following(
        self, wanted: Filter, after: int | None = None, *, org_id: str | None = None
    ) -> AsyncGenerator["Following"]:
        """Follow events from now on, or from this place on.

        Of all who may follow, half may be of one organisation: the one whose events are wanted, or
        this one. Raises `TooManyStreams`, `EventsGone` where the place is not in the log, and
        `Unavailable`.
        """
        if self._is_closed:
            raise Unavailable("The server is stopping.", system="events", retry_after_s=1)
        follower = Follower(wanted, self._buffer)
        with self._place(org_id or wanted.org_id):
            try:
                if after is not None:
                    await self._checked(after)
                at = await self._tail.join(follower)
                yield Following(self.log, follower, at, after)
            finally:
                self._tail.leave(follower)

    def close(self) -> None:
        """Send all away who follow, and let nobody follow any more: the process stops."""
        self._is_closed = True
        self._tail.followers.end(STOPPING)

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Append and follow inside the block; what is still to be appended is, in the end."""
        fault: Exception | None = None
        try:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._appender.run_forever)
                tasks.start_soon(self._tail.follow)
                tasks.start_soon(self._bus.listen, self._tail.heard, self._tail.followers.somebody)
                try:
                    yield
                except Exception as raised:  # noqa: BLE001 - raised below: the group would wrap it
                    fault = raised
                tasks.cancel_scope.cancel()
        finally:
            self.close()
            await self._appender.close()
        if fault is not None:
            raise fault

    @contextmanager
    def _place(self, org_id: str | None) -> Generator[None]:
        """One of the places of those who follow; without an organisation, the server itself does."""
        is_full = org_id is not None and self._open_of[org_id] >= max(1, self._streams // 2)
        if is_full or self._open >= self._streams:
            raise TooManyStreams(system="events", retry_after_s=5)
        counted = Counter(() if org_id is None else (org_id,))
        self._open += 1
        self._open_of += counted
        try:
            yield
        finally:
            self._open -= 1
            self._open_of -= counted  # whoever has none left is not remembered

    async def _tell(self, events: Sequence[Event]) -> None:
        self._tail.heard(events)
        try:
            await self._bus.publish(events)
        except Unavailable as fault:
            log.debug("other processes find events later: %s", fault)

    async def _page(self, after: int, wanted: Filter, limit: int) -> EventPage:
        # Asked first: everything up to there can be read from then on.
        newest = await self._checked(after)
        events = list(await self.log.after(after, limit=limit, wanted=wanted))
        if len(events) < limit:
            seen = max(after, newest, *(event.seq for event in events[-1:]))
            return EventPage(data=events, next_after=seen)
        return EventPage(data=events, next_after=events[-1].seq)

    async def _checked(self, after: int) -> int:
        """The newest number; raises `EventsGone` where the log has not all that comes after."""
        span = await self.log.span()
        if after > span.last or 0 < after < span.first - 1:
            raise EventsGone
        return span.last


class Following:
    """Somebody who follows: what is in the log already, and then what happens."""

    def __init__(self, kept: EventLog, follower: Follower, at: int, after: int | None) -> None:
        """Take the follower, after which number everything is handed to it, and where to begin."""
        self.at = at
        self.begins_after = at if after is None else after
        self._log = kept
        self._follower = follower

    @property
    def reason(self) -> str:
        """Why there are no more events: `slow_client`, `server_stopping` or `time_over`."""
        return self._follower.reason

    async def events(
        self, *, beat_s: float, within_s: float = math.inf
    ) -> AsyncGenerator[Sequence[Event]]:
        """Those that come together, together; nothing whenever nothing has come for so long.

        Ends when there is a `reason`, one of which is that the time is over. Raises `Unavailable`
        when the log cannot be read.
        """
        now = asyncio.get_running_loop().time
        until = now() + within_s
        async with aclosing(self._replayed()) as replayed:
            async for events in replayed:
                yield events
        while not self.reason:
            left_s = max(0.0, until - now())
            events = await self._follower.next(min(beat_s, left_s))
            if self.reason:
                return
            # This process may be behind the one where the client was before.
            yield [event for event in events if event.seq > self.begins_after]
            if not left_s:
                self._follower.end(TIME_OVER)

    async def _replayed(self) -> AsyncGenerator[Sequence[Event]]:
        """What is in the log, and is not handed to the follower."""
        after = self.begins_after
        while after < self.at and not self.reason:
            page = await self._log.after(after, limit=REPLAY_PAGE, wanted=self._follower.wanted)
            old = [event for event in page if event.seq <= self.at]
            if old:
                yield old
            if len(old) < REPLAY_PAGE:
                return
            after = old[-1].seq
