"""Sessions in an SQL database."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import changing, reading
from storyloom.adapters.sql._tables import sessions as t
from storyloom.adapters.sql.event_log import append_within
from storyloom.errors import Conflict
from storyloom.events.schemas import Draft
from storyloom.story.ports import Changed, KeptSession, version_of
from storyloom.story.schemas import SessionKey
from storyloom.story.telling import SessionTeller

# A session may have 32 MiB, and its way may be long.
WITHIN_S = 15.0
_SMALL = 64 * 1024


class SqlSessionStore:
    """Keeps sessions in the table `storyloom_sessions`. Nobody else writes there.

    What a change is told by is written into the log in the same transaction.
    """

    def __init__(self, engine: AsyncEngine, teller: SessionTeller | None = None) -> None:
        """Take an open engine; closing it is its owner's part. And what says how changes are told."""
        self._engine = engine
        self._teller = teller or SessionTeller()

    @property
    def name(self) -> str:
        """The database's own name."""
        return self._engine.dialect.name

    async def get(self, key: SessionKey, *, unless: str | None = None) -> KeptSession | None:
        """The session, or None."""
        body = sa.case((t.c.version == (unless or ""), None), else_=t.c.body)
        query = sa.select(t.c.version, t.c.updated_at, body).where(*_is(key))
        async with reading(self._engine, WITHIN_S) as connection:
            found = (await connection.execute(query)).first()
        if found is None:
            return None
        version, updated_at, text = found
        return KeptSession(version, updated_at, None if text is None else text.encode())

    async def put(
        self, key: SessionKey, body: bytes, *, replacing: str | None, at: datetime
    ) -> bool:
        """Keep this text in place of that version."""
        big = len(body) > _SMALL
        version = await to_thread.run_sync(version_of, body) if big else version_of(body)
        values = {"body": body.decode(), "version": version, "updated_at": at}
        change: sa.UpdateBase = sa.insert(t).values(
            {"org_id": key.org_id, "timestamp": key.timestamp, **values}
        )
        if replacing is not None:
            change = sa.update(t).where(*_is(key), t.c.version == replacing).values(values)
        try:
            return await self._change(change, self._teller.changed(key, version, at))
        except Conflict:  # there is one already
            return False

    async def delete(self, key: SessionKey) -> bool:
        """Remove it."""
        return await self._change(sa.delete(t).where(*_is(key)), self._teller.deleted(key))

    async def page(self, org_id: str, *, limit: int, before: int | None) -> Sequence[int]:
        """Timestamps, the newest first."""
        query = sa.select(t.c.timestamp).where(t.c.org_id == org_id)
        if before is not None:
            query = query.where(t.c.timestamp < before)
        async with reading(self._engine) as connection:
            found = await connection.execute(query.order_by(t.c.timestamp.desc()).limit(limit))
        return list(found.scalars())

    async def expect(self, key: SessionKey, *, expected: bool) -> None:
        """Nobody else writes here."""

    async def watch(self, changed: Changed) -> None:
        """Nobody else writes here."""

    async def _change(self, change: sa.UpdateBase, told: Draft) -> bool:
        async with changing(self._engine, WITHIN_S) as connection:
            # Not all drivers count what they insert.
            found = await connection.execute(change.returning(t.c.timestamp))
            is_changed = found.first() is not None
            if is_changed:
                await append_within(connection, [told])
        if is_changed:
            self._teller.tell(told)
        return is_changed


def _is(key: SessionKey) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return t.c.org_id == key.org_id, t.c.timestamp == key.timestamp
