"""The defaults of organisations in an SQL database."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import inserting, reading, writing
from storyloom.adapters.sql._tables import automation_config as t
from storyloom.automation.runs.config import RunConfig


class SqlConfigStore:
    """Keeps them in the table `storyloom_automation_config`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def get(self, org_id: str) -> RunConfig | None:
        """What it has chosen, or None."""
        async with reading(self._engine) as connection:
            found = await connection.execute(sa.select(t.c.body).where(t.c.org_id == org_id))
        body = found.scalar()
        return None if body is None else RunConfig.model_validate_json(body)

    async def put(self, org_id: str, config: RunConfig) -> None:
        """Keep what it has chosen."""
        body = config.model_dump_json(by_alias=True)
        keep = (
            inserting(self._engine, t)
            .values(org_id=org_id, body=body)
            .on_conflict_do_update(index_elements=[t.c.org_id], set_={"body": body})
        )
        async with writing(self._engine) as connection:
            await connection.execute(keep)
