"""Notifications in this process: the twin that tests use."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from storyloom.events.schemas import Draft
from storyloom.kit.clock import Clock
from storyloom.notifications.ports import ACKNOWLEDGED_S
from storyloom.notifications.schemas import Notification, NotificationType


class MemoryNotificationStore:
    """Keeps notifications in dictionaries."""

    def __init__(self, clock: Clock) -> None:
        """Take the clock that tells when an acknowledgement is forgotten."""
        self._clock = clock
        self._pending: dict[tuple[str, str], Notification] = {}
        self._acknowledged: dict[tuple[str, str], datetime] = {}
        self._latched: set[tuple[str, NotificationType, int]] = set()

    async def add(
        self,
        org_id: str,
        notification: Notification,
        *,
        latch: bool,
        told: Draft | None = None,  # noqa: ARG002 - all that is here ends with its process
    ) -> bool:
        """Keep it."""
        name = (org_id, notification.id)
        of_session = (org_id, notification.type, notification.session_timestamp)
        is_shut_out = latch and of_session in self._latched
        if latch:
            self._latched.add(of_session)
        if is_shut_out or name in self._pending or self._is_acknowledged(name):
            return False
        self._pending[name] = notification
        return True

    async def release(self, org_id: str, kind: NotificationType, session_timestamp: int) -> None:
        """Let the next one in."""
        self._latched.discard((org_id, kind, session_timestamp))

    async def pending(
        self,
        org_id: str,
        kinds: Sequence[NotificationType],
        *,
        since: datetime | None = None,
        limit: int,
    ) -> Sequence[Notification]:
        """What is not acknowledged, the oldest first."""
        found = [
            one
            for (org, _), one in self._pending.items()
            if org == org_id and one.type in kinds and (since is None or one.timestamp >= since)
        ]
        return sorted(found, key=lambda one: (one.timestamp, one.id))[:limit]

    async def acknowledge(self, org_id: str, notification_id: str, at: datetime) -> bool:
        """Take it off what is pending."""
        name = (org_id, notification_id)
        if self._pending.pop(name, None) is None:
            return self._is_acknowledged(name)
        self._acknowledged[name] = at
        return True

    async def listen(
        self, heard: Callable[[], None], awaited: Callable[[], Awaitable[None]]
    ) -> None:
        """There is no other process."""

    def _is_acknowledged(self, name: tuple[str, str]) -> bool:
        at = self._acknowledged.get(name)
        return at is not None and self._clock.now() - at < timedelta(seconds=ACKNOWLEDGED_S)
