"""The profiles of organisations in an SQL database."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, reading, writing
from storyloom.adapters.sql._tables import presets as t
from storyloom.storyboard.profiles.schemas import StoredProfile


class SqlProfileStore:
    """Keeps them in the table `storyloom_presets`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        query = sa.select(t.c.body).where(t.c.org_id == org_id, t.c.key == key)
        async with reading(self._engine) as connection:
            body = (await connection.execute(query)).scalar()
        return None if body is None else StoredProfile.model_validate_json(body)

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        query = sa.select(t.c.body).where(t.c.org_id == org_id).order_by(t.c.key)
        async with reading(self._engine) as connection:
            bodies = (await connection.execute(query)).scalars().all()
        return [StoredProfile.model_validate_json(body) for body in bodies]

    async def put(self, org_id: str, profile: StoredProfile) -> None:
        """Keep it, in place of one of the same name."""
        body = profile.model_dump_json()
        keep = (
            inserting(self._engine, t)
            .values(org_id=org_id, key=profile.preset.key, body=body)
            .on_conflict_do_update(index_elements=[t.c.org_id, t.c.key], set_={"body": body})
        )
        async with writing(self._engine) as connection:
            await connection.execute(keep)

    async def delete(self, org_id: str, key: str) -> bool:
        """Remove it; False where there was none."""
        gone = sa.delete(t).where(t.c.org_id == org_id, t.c.key == key)
        async with writing(self._engine) as connection:
            return (await connection.execute(gone)).rowcount > 0
