"""Keys in an SQL database."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.access.schemas import ApiKey, StoredKey
from storyloom.adapters.sql._database import reading, writing
from storyloom.adapters.sql._tables import api_keys as t

_SHOWN = [column for column in t.c if column.name != "digest"]
_IS_LEFT = t.c.revoked_at.is_(None)


class SqlKeyStore:
    """Keeps keys in the table `storyloom_keys`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def add(self, key: StoredKey) -> None:
        """Keep a new key; raises `Conflict` when its id is taken."""
        row = {**key.model_dump(exclude={"prefix"}), "scopes": ",".join(key.scopes)}
        async with writing(self._engine) as connection:
            await connection.execute(sa.insert(t), row)

    async def find(self, key_id: str) -> StoredKey | None:
        """The key with this id."""
        async with reading(self._engine) as connection:
            found = await connection.execute(sa.select(t).where(t.c.id == key_id))
        row = found.mappings().first()
        return None if row is None else StoredKey.model_validate(_fields(row))

    async def list(self, *, org_id: str | None, limit: int) -> Sequence[ApiKey]:
        """The newest keys first."""
        query = sa.select(*_SHOWN).order_by(t.c.created_at.desc(), t.c.id).limit(limit)
        if org_id is not None:
            query = query.where(t.c.org_id == org_id)
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [ApiKey.model_validate(_fields(row)) for row in rows]

    async def revoke(self, key_id: str, *, org_id: str | None, at: datetime) -> bool:
        """Revoke a key; False when there is none. The first time stays."""
        change = (
            sa.update(t)
            .where(t.c.id == key_id)
            .values(revoked_at=sa.func.coalesce(t.c.revoked_at, at, type_=t.c.revoked_at.type))
        )
        if org_id is not None:
            change = change.where(t.c.org_id == org_id)
        async with writing(self._engine) as connection:
            return (await connection.execute(change)).rowcount == 1

    async def used(self, key_id: str, at: datetime) -> None:
        """Note when a key was used."""
        is_later = sa.or_(t.c.last_used_at.is_(None), t.c.last_used_at < at)
        change = sa.update(t).where(t.c.id == key_id, is_later).values(last_used_at=at)
        async with writing(self._engine) as connection:
            await connection.execute(change)

    async def exist(self, *, good_at: datetime | None = None) -> bool:
        """Whether there is a key that is not revoked; or one that lets in at this time."""
        query = sa.select(t.c.id).where(_IS_LEFT).limit(1)
        if good_at is not None:
            query = query.where(sa.or_(t.c.expires_at.is_(None), t.c.expires_at > good_at))
        async with reading(self._engine) as connection:
            return (await connection.execute(query)).first() is not None


def _fields(row: sa.RowMapping) -> dict[str, Any]:
    return {**row, "scopes": tuple(row["scopes"].split(","))}
