"""Progress, told no more often than anybody can read it."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Self

from storyloom.events.schemas import Event, EventType

EVERY = timedelta(milliseconds=500)
_REMEMBERED = 4096


class Throttle:
    """Leaves out progress of a job that comes too soon after the last, and that of pictures.

    Everything else passes.
    """

    def __init__(self, last: Mapping[tuple[str, str], datetime] = MappingProxyType({})) -> None:
        """Begin with what was told last, by organisation and job, the oldest first."""
        self._last = OrderedDict(last)

    def copy(self) -> Self:
        """Another one that has told the same so far."""
        return type(self)(self._last)

    def passes(self, events: Sequence[Event]) -> Sequence[Event]:
        """Those that are told."""
        return [event for event in events if self._passes(event)]

    def _passes(self, event: Event) -> bool:
        if event.type == EventType.SHOT:
            return not event.data.get("is_progress")
        if event.type != EventType.PROGRESS:
            return True
        key = (event.org_id, event.subject.id)
        last = self._last.get(key)
        if last is not None and event.at - last < EVERY:
            return False
        self._last[key] = event.at
        self._last.move_to_end(key)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)
        return True
