"""Notifications in an SQL database."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import anyio
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import changing, reading, writing
from storyloom.adapters.sql._tables import LATCHED, PENDING
from storyloom.adapters.sql._tables import notifications as t
from storyloom.adapters.sql._types import UtcTimestamp
from storyloom.adapters.sql.event_log import append_within
from storyloom.errors import Conflict, StoryloomError
from storyloom.events.schemas import Draft
from storyloom.kit.clock import Clock
from storyloom.notifications.ports import ACKNOWLEDGED_S
from storyloom.notifications.schemas import Notification, NotificationType

LOOK_EVERY_S = 1.0
_NEWEST = sa.select(sa.func.max(t.c.made_at))
log = logging.getLogger(__name__)


class SqlNotificationStore:
    """Keeps notifications in the table `storyloom_notifications`.

    What was acknowledged is removed after a week, except the rows that still hold a latch: those
    are one for each session at most.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        """Take an open engine, and the clock that tells what is old."""
        self._engine = engine
        self._clock = clock

    async def add(
        self, org_id: str, notification: Notification, *, latch: bool, told: Draft | None = None
    ) -> bool:
        """Keep it. The indexes see to it that there is one."""
        row = {
            "org_id": org_id,
            "id": notification.id,
            "type": notification.type,
            "session_timestamp": notification.session_timestamp,
            "body": notification.model_dump_json(by_alias=True),
            "latched": latch,
            "made_at": notification.timestamp,
        }
        old = sa.delete(t).where(t.c.acknowledged_at < self._forgotten(), sa.not_(LATCHED))
        async with writing(self._engine) as connection:
            await connection.execute(old)
        try:
            async with changing(self._engine) as connection:
                await connection.execute(sa.insert(t).values(row))
                if told is not None:
                    await append_within(connection, [told])
        except Conflict:
            if latch:
                await self._latch(org_id, notification.id)
            return False
        return True

    async def release(self, org_id: str, kind: NotificationType, session_timestamp: int) -> None:
        """Open the latch."""
        change = (
            sa.update(t)
            .where(
                LATCHED,
                t.c.org_id == org_id,
                t.c.type == kind,
                t.c.session_timestamp == session_timestamp,
            )
            .values(latched=False)
        )
        async with writing(self._engine) as connection:
            await connection.execute(change)

    async def pending(
        self,
        org_id: str,
        kinds: Sequence[NotificationType],
        *,
        since: datetime | None = None,
        limit: int,
    ) -> Sequence[Notification]:
        """What is not acknowledged, the oldest first; one query for each type, along the index."""
        found: list[Notification] = []
        for kind in kinds:
            query = sa.select(t.c.body).where(PENDING, t.c.org_id == org_id, t.c.type == kind)
            if since is not None:
                query = query.where(t.c.made_at >= since)
            async with reading(self._engine) as connection:
                rows = await connection.execute(query.order_by(t.c.made_at, t.c.id).limit(limit))
            found += [Notification.model_validate_json(body) for body in rows.scalars()]
        return sorted(found, key=lambda one: (one.timestamp, one.id))[:limit]

    async def acknowledge(self, org_id: str, notification_id: str, at: datetime) -> bool:
        """Take it off what is pending; the first time stays."""
        change = (
            sa.update(t)
            .where(
                t.c.org_id == org_id,
                t.c.id == notification_id,
                sa.or_(PENDING, t.c.acknowledged_at >= self._forgotten()),
            )
            .values(
                acknowledged_at=sa.func.coalesce(t.c.acknowledged_at, sa.literal(at, UtcTimestamp))
            )
        )
        async with writing(self._engine) as connection:
            return (await connection.execute(change)).rowcount == 1

    async def listen(
        self, heard: Callable[[], None], awaited: Callable[[], Awaitable[None]]
    ) -> None:
        """Look for what other processes add: once a second, while somebody waits for it."""
        newest: datetime | None = None
        while True:
            await awaited()
            try:
                async with reading(self._engine) as connection:
                    found = (await connection.execute(_NEWEST)).scalar()
                if found != newest:
                    newest = found
                    heard()
            except StoryloomError as fault:
                log.debug("notifications of other processes are not seen: %s", fault)
            await anyio.sleep(LOOK_EVERY_S)

    async def _latch(self, org_id: str, notification_id: str) -> None:
        """Close the latch with one that is there, unless another one has."""
        change = (
            sa.update(t)
            .where(t.c.org_id == org_id, t.c.id == notification_id, sa.not_(LATCHED))
            .values(latched=True)
        )
        with suppress(Conflict):
            async with writing(self._engine) as connection:
                await connection.execute(change)

    def _forgotten(self) -> datetime:
        return self._clock.now() - timedelta(seconds=ACKNOWLEDGED_S)
