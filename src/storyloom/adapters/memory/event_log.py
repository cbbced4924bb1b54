"""The log of events in memory, for tests and for programs of one process."""

from collections.abc import Collection, Sequence
from datetime import datetime

from storyloom.events.schemas import ENDS, EVERYTHING, Draft, Event, Filter, Span, Subject


class MemoryEventLog:
    """Keeps events for as long as it lives."""

    def __init__(self) -> None:
        """Begin with none."""
        self._events: list[Event] = []

    async def append(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        """Keep those that are not there yet."""
        known = {event.id for event in self._events}
        fresh = {draft.id: draft for draft in drafts if draft.id not in known}
        newest = self._events[-1].seq if self._events else 0
        added = [draft.numbered(seq) for seq, draft in enumerate(fresh.values(), newest + 1)]
        self._events += added
        return added

    async def after(self, seq: int, *, limit: int, wanted: Filter = EVERYTHING) -> Sequence[Event]:
        """Events with greater numbers, in their order."""
        return [e for e in self._events if e.seq > seq and wanted.takes(e)][:limit]

    async def span(self) -> Span:
        """Which numbers are kept."""
        return Span(self._events[0].seq, self._events[-1].seq) if self._events else Span()

    async def known(self, ids: Collection[str]) -> Collection[str]:
        """Those of the ids that are there."""
        return {event.id for event in self._events} & set(ids)

    async def last_end(self, org_id: str | None, subject: Subject) -> Event | None:
        """The last event by which the subject ended, or None."""
        wanted = Filter(org_id, subject.id, frozenset({subject.kind}), frozenset(ENDS))
        return next((e for e in reversed(self._events) if wanted.takes(e)), None)

    async def forget(self, *, before: datetime) -> int:
        """Remove the events of before this time, except the last one of all."""
        young = (place for place, event in enumerate(self._events) if event.at >= before)
        count = next(young, max(0, len(self._events) - 1))
        del self._events[:count]
        return count
