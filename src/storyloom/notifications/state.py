"""Notifications: made once, told until they are acknowledged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import anyio
from pydantic import JsonValue

from storyloom.events.ports import Emitter
from storyloom.events.schemas import Draft as EventDraft
from storyloom.events.schemas import EventType, Subject
from storyloom.events.silent import Silent
from storyloom.kit.clock import Clock
from storyloom.notifications.ports import NotificationStore
from storyloom.notifications.schemas import (
    Notification,
    NotificationType,
    NotificationView,
    notification_id,
)
from storyloom.notifications.waiting import Waiters

NOTIFICATION = "notification"  #: what its events are about


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be told, and why: the same cause is told once."""

    type: NotificationType
    cause: str
    session_timestamp: int
    story_uuid: str
    episode_number: int
    total_prompts: int
    total_beats: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for."""

    kinds: Sequence[NotificationType] = (NotificationType.PROMPTS_READY,)
    since: datetime | None = None
    limit: int = 100


class NotificationCentre:
    """Makes notifications, tells them, and lets clients wait for them."""

    def __init__(
        self, store: NotificationStore, clock: Clock, events: Emitter | None = None
    ) -> None:
        """Take where they are kept, and who is told of what happens to them."""
        self.waiters = Waiters()
        self._store = store
        self._clock = clock
        self._events = events or Silent()

    async def make(self, org_id: str, draft: Draft, *, latch: bool = False) -> str:
        """Make one, unless it was made before, and give its id.

        After one with a `latch`, none of its type and session is made until `release`.
        """
        made = Notification(
            id=notification_id(draft.type, draft.session_timestamp, draft.cause),
            type=draft.type,
            session_timestamp=draft.session_timestamp,
            story_uuid=draft.story_uuid,
            episode_number=draft.episode_number,
            total_prompts=draft.total_prompts,
            total_beats=draft.total_beats,
            timestamp=self._clock.now(),
        )
        data = NotificationView.of(made).model_dump(mode="json")
        told = _event(EventType.CREATED, org_id, made.id, at=made.timestamp, data=data)
        if await self._store.add(org_id, made, latch=latch, told=told):
            self.waiters.heard()
            self._events.emit(told)
        return made.id

    async def release(self, org_id: str, kind: NotificationType, session_timestamp: int) -> None:
        """Let the next one with a latch be made."""
        await self._store.release(org_id, kind, session_timestamp)

    async def check(self, org_id: str, wanted: Wanted, wait_s: float = 0) -> Sequence[Notification]:
        """What is pending, the oldest first; as soon as there is some, when one waits.

        Raises `RateLimited` when too many wait.
        """
        if not wait_s:
            return await self._pending(org_id, wanted)
        found: Sequence[Notification] = ()
        with self.waiters.waiting(), anyio.move_on_after(wait_s):
            while not found and not self.waiters.is_closed:
                news = self.waiters.next_news()
                found = await self._pending(org_id, wanted)
                if not found:
                    await news.wait()
        # Also when the word of another process got lost on its way.
        return found or await self._pending(org_id, wanted)

    async def acknowledge(self, org_id: str, name: str) -> bool:
        """Tell it no longer: False for one that is not known."""
        now = self._clock.now()
        is_known = await self._store.acknowledge(org_id, name, now)
        if is_known:
            self._events.emit(_event(EventType.ACKNOWLEDGED, org_id, name, at=now))
        return is_known

    async def attend(self) -> None:
        """Hear of what other processes make; runs for ever where there are others."""
        await self._store.listen(self.waiters.heard, self.waiters.somebody)

    async def _pending(self, org_id: str, wanted: Wanted) -> Sequence[Notification]:
        return await self._store.pending(
            org_id, wanted.kinds, since=wanted.since, limit=wanted.limit
        )


def _event(
    type_: EventType,
    org_id: str,
    name: str,
    *,
    at: datetime,
    data: Mapping[str, JsonValue] = MappingProxyType({}),
) -> EventDraft:
    subject, cause = Subject(kind=NOTIFICATION, id=name), f"{type_}:{name}"
    return EventDraft.of(org_id, type_, subject, at=at, data=data, cause=cause)
