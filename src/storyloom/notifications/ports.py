"""What notifications need from outside: a place that all processes see."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Protocol

from storyloom.events.schemas import Draft
from storyloom.notifications.schemas import Notification, NotificationType

# How long it is remembered that a notification was acknowledged.
ACKNOWLEDGED_S = 7 * 24 * 3600


class NotificationStore(Protocol):
    """Keeps what is pending, and for a week the names of what was acknowledged."""

    async def add(
        self, org_id: str, notification: Notification, *, latch: bool, told: Draft | None = None
    ) -> bool:
        """Keep it: False, and nothing kept, when one of this id is there or was acknowledged.

        What it is `told` by is kept with it: in the log, or where `Untold` finds it.

        A `latch` lets no other of the same type and session in until it is released. It is closed
        also by one that is there already.
        """
        ...

    async def release(self, org_id: str, kind: NotificationType, session_timestamp: int) -> None:
        """Let the next one of this type and session in."""
        ...

    async def pending(
        self,
        org_id: str,
        kinds: Sequence[NotificationType],
        *,
        since: datetime | None = None,
        limit: int,
    ) -> Sequence[Notification]:
        """What is not acknowledged, the oldest first, and by id where the time is the same.

        `since` is included. Costs as much as is returned, however many are stored.
        """
        ...

    async def acknowledge(self, org_id: str, notification_id: str, at: datetime) -> bool:
        """Take it off what is pending: also True when it was before, and False when unknown."""
        ...

    async def listen(
        self, heard: Callable[[], None], awaited: Callable[[], Awaitable[None]]
    ) -> None:
        """Call `heard` when another process may have added one; runs for ever.

        Need not look while nobody waits: `awaited` returns when somebody does.
        """
        ...
