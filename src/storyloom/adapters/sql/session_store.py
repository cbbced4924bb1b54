"""Sessions in an SQL database."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import reading, writing
from storyloom.adapters.sql._tables import sessions as t
from storyloom.errors import Conflict
from storyloom.story.ports import Changed, KeptSession, version_of
from storyloom.story.schemas import SessionKey

# A session may have 32 MiB, and its way may be long.
WITHIN_S = 15.0
_SMALL = 64 * 1024


class SqlSessionStore:
    """Keeps sessions in the table `storyloom_sessions`. Nobody else writes there."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

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
        if replacing is None:
            return await self._add(key, values)
        change = sa.update(t).where(*_is(key), t.c.version == replacing).values(values)
        async with writing(self._engine, WITHIN_S) as connection:
            return (await connection.execute(change)).rowcount == 1

    async def delete(self, key: SessionKey) -> bool:
        """Remove it."""
        async with writing(self._engine) as connection:
            return (await connection.execute(sa.delete(t).where(*_is(key)))).rowcount == 1

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

    async def _add(self, key: SessionKey, values: Mapping[str, object]) -> bool:
        row = {"org_id": key.org_id, "timestamp": key.timestamp, **values}
        try:
            async with writing(self._engine, WITHIN_S) as connection:
                await connection.execute(sa.insert(t).values(row))
        except Conflict:
            return False
        return True


def _is(key: SessionKey) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return t.c.org_id == key.org_id, t.c.timestamp == key.timestamp
