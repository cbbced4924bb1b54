"""What happens to sessions, told as events: that one has changed or is gone, and nothing of its text."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from pydantic import JsonValue

from storyloom.events.ports import Emitter
from storyloom.events.schemas import Draft, EventType, Subject
from storyloom.events.silent import Silent
from storyloom.kit.clock import Clock, SystemClock
from storyloom.story.schemas import SessionKey

KIND = "session"
_REVISION = 16


class SessionTeller:
    """Says what a change is told by. Its store keeps that together with the change, and then tells it.

    A store tells each change once, so it needs no cause that would make two of them one.
    """

    def __init__(self, events: Emitter | None = None, clock: Clock | None = None) -> None:
        """Take where it is told; nowhere: then the log has it, and other processes find it there."""
        self._events = events or Silent()
        self._clock = clock or SystemClock()

    def changed(self, key: SessionKey, version: str, at: datetime) -> Draft:
        """Its text is another one now, of this version."""
        return _of(key, EventType.SESSION_CHANGED, at, {"revision": version[:_REVISION]})

    def deleted(self, key: SessionKey) -> Draft:
        """It is there no longer."""
        return _of(key, EventType.SESSION_DELETED, self._clock.now())

    def tell(self, draft: Draft) -> None:
        """Tell it, once it is kept."""
        self._events.emit(draft)


def _of(
    key: SessionKey,
    type_: EventType,
    at: datetime,
    data: Mapping[str, JsonValue] = MappingProxyType({}),
) -> Draft:
    subject = Subject(kind=KIND, id=str(key.timestamp))
    return Draft.of(key.org_id, type_, subject, at=at, data=data)
