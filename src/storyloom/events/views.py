"""The views of the log, for routes: pages, streams, and the stream of one job."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from types import MappingProxyType

from storyloom.access.schemas import Caller, Scope
from storyloom.errors import StoryloomError
from storyloom.events.followers import TIME_OVER
from storyloom.events.frames import BEAT, Frames, frame
from storyloom.events.ports import Snapshots
from storyloom.events.schemas import Event, EventPage, Filter
from storyloom.events.state import Events, Following
from storyloom.kit.ids import parse_job_id

BEAT_S = 10.0
# Whoever follows for longer comes again: by then its key may be good no longer.
LONGEST_S = 3600.0
# The end of a job is in its row a moment before it is in the log.
END_WITHIN_S = 5.0
READY, SNAPSHOT, END, DROPPED = "ready", "snapshot", "end", "dropped"


@dataclass(frozen=True, slots=True)
class Whose:
    """Who asks, and whose events are meant."""

    caller: Caller
    org_id: str


class EventViews:
    """Shows to each caller what is its own, and what its key covers."""

    def __init__(
        self, events: Events, snapshots: Snapshots, kinds: Mapping[Scope, Collection[str]]
    ) -> None:
        """Take the events, where jobs are looked up, and which kinds of subjects a scope covers."""
        self._events = events
        self._snapshots = snapshots
        self._kinds = kinds

    def wanted(
        self, whose: Whose, *, types: Collection[str] = (), subject_id: str | None = None
    ) -> Filter:
        """What a caller wants, of what it may have; without types, all."""
        kinds: frozenset[str] | None = None
        if not whose.caller.may(Scope.ADMIN):
            covered = (self._kinds.get(scope, ()) for scope in whose.caller.scopes)
            kinds = frozenset(kind for some in covered for kind in some)
        return Filter(whose.org_id, subject_id, kinds, frozenset(types) if types else None)

    async def page(self, wanted: Filter, after: int, *, limit: int, wait_s: float) -> EventPage:
        """Events after this place; raises `EventsGone`, `TooManyStreams`."""
        return await self._events.page(after, wanted, limit=limit, wait_s=wait_s)

    @asynccontextmanager
    async def following(self, wanted: Filter, after: int | None) -> AsyncGenerator[Following]:
        """Follow from a place on, or from now on; raises `EventsGone`, `TooManyStreams`."""
        async with self._events.following(wanted, after) as following:
            yield following

    @asynccontextmanager
    async def stream(
        self, wanted: Filter, after: int | None, within_s: float | None
    ) -> AsyncGenerator[Frames]:
        """All that is wanted, as frames; raises as `following` does."""
        async with self.following(wanted, after) as following:
            begins = following.begins_after
            first = frame(READY, {"after": begins}, after=begins)
            yield _framed(following, first, _limited(within_s))

    @asynccontextmanager
    async def job_stream(
        self, whose: Whose, job_id: str, after: int | None, within_s: float | None
    ) -> AsyncGenerator[Frames]:
        """What a job is like, and what happens to it until it ends; raises `NotFound` too."""
        # Events have the id as it was made, and a client may write it in capitals.
        wanted = self.wanted(whose, subject_id=parse_job_id(job_id) or job_id)
        async with self.following(wanted, after) as following:
            # Looked up after that: whatever it does not show yet is told.
            snapshot = await self._snapshots.of(whose.org_id, whose.caller, job_id)
            first = frame(SNAPSHOT, snapshot.body, after=following.begins_after)
            end = None
            if snapshot.is_over:
                end = await self._events.log.last_end(wanted.org_id, snapshot.subject)
                if end is None:
                    within_s = min(_limited(within_s), END_WITHIN_S)
                elif end.seq <= following.begins_after:
                    within_s = 0
            is_last = _ending(following, end)
            last = {TIME_OVER: _END} if snapshot.is_over else {}
            yield _framed(following, first, _limited(within_s), is_last=is_last, last=last)


def _limited(within_s: float | None) -> float:
    return LONGEST_S if within_s is None else min(within_s, LONGEST_S)


def _ending(following: Following, end: Event | None) -> Callable[[Event], bool]:
    """Whether a job ends for good by an event: earlier ends have been followed by another pass."""

    def is_last(event: Event) -> bool:
        return event.is_end and (event.seq > following.at or event.seq == (end and end.seq))

    return is_last


async def _framed(
    following: Following,
    first: bytes,
    within_s: float,
    *,
    is_last: Callable[[Event], bool] = lambda _: False,
    last: Mapping[str, bytes] = MappingProxyType({}),
) -> Frames:
    """The frames; `last` has the final one for reasons other than being dropped."""
    yield first
    reason = ""
    try:
        async with aclosing(following.events(beat_s=BEAT_S, within_s=within_s)) as told:
            async for events in told:
                some, is_over = _until(events, is_last)
                yield b"".join(event.sse_frame for event in some) or BEAT
                if is_over:
                    yield _END
                    return
    except StoryloomError as fault:
        reason = fault.code
    reason = following.reason or reason
    yield last.get(reason) or frame(DROPPED, {"reason": reason})


def _until(
    events: Sequence[Event], is_last: Callable[[Event], bool]
) -> tuple[Sequence[Event], bool]:
    for place, event in enumerate(events):
        if is_last(event):
            return events[: place + 1], True
    return events, False


_END = frame(END, {"reason": "job_ended"})
