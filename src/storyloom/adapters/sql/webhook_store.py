"""Webhooks in an SQL database."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import changing, reading, writing
from storyloom.adapters.sql._tables import webhook_deliveries
from storyloom.adapters.sql._tables import webhooks as t
from storyloom.webhooks.schemas import Secret, StoredWebhook


class SqlWebhookStore:
    """Keeps webhooks in the table `storyloom_webhooks`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def add(self, webhook: StoredWebhook) -> None:
        """Keep a new one."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.insert(t), _row(webhook))

    async def find(self, org_id: str, webhook_id: str) -> StoredWebhook | None:
        """The one with this id, if it is the organisation's."""
        found = await self._webhooks(sa.select(t).where(*_is(org_id, webhook_id)))
        return found[0] if found else None

    async def list(self, org_id: str) -> Sequence[StoredWebhook]:
        """The newest first."""
        query = sa.select(t).where(t.c.org_id == org_id)
        return await self._webhooks(query.order_by(t.c.created_at.desc(), t.c.id))

    async def change(
        self, org_id: str, webhook_id: str, how: Callable[[StoredWebhook], StoredWebhook]
    ) -> StoredWebhook | None:
        """Change it in one transaction."""
        query = sa.select(t).where(*_is(org_id, webhook_id)).with_for_update()
        async with changing(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
            if row is None:
                return None
            changed = how(_webhook(row))
            change = sa.update(t).where(t.c.id == webhook_id).values(_row(changed))
            await connection.execute(change)
        return changed

    async def remove(self, org_id: str, webhook_id: str) -> bool:
        """Remove it with all its deliveries, in one transaction."""
        of_it = sa.delete(webhook_deliveries).where(webhook_deliveries.c.webhook_id == webhook_id)
        async with changing(self._engine) as connection:
            removed = await connection.execute(sa.delete(t).where(*_is(org_id, webhook_id)))
            if not removed.rowcount:
                return False
            await connection.execute(of_it)
        return True

    async def enabled(self) -> Sequence[StoredWebhook]:
        """All that are to be told."""
        return await self._webhooks(sa.select(t).where(t.c.enabled))

    async def _webhooks(self, query: sa.Select[Any]) -> Sequence[StoredWebhook]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_webhook(row) for row in rows]


def _is(org_id: str, webhook_id: str) -> tuple[sa.ColumnElement[bool], sa.ColumnElement[bool]]:
    return t.c.id == webhook_id, t.c.org_id == org_id


def _row(webhook: StoredWebhook) -> dict[str, Any]:
    secrets = [
        [secret.text, None if secret.until is None else secret.until.isoformat()]
        for secret in webhook.secrets
    ]
    return {
        **webhook.model_dump(exclude={"secrets", "types"}),
        "types": ",".join(webhook.types),
        "secrets": json.dumps(secrets),
    }


def _webhook(row: sa.RowMapping) -> StoredWebhook:
    secrets = tuple(
        Secret(text, None if until is None else datetime.fromisoformat(until))
        for text, until in json.loads(row["secrets"])
    )
    return StoredWebhook.model_validate(
        {**row, "types": tuple(row["types"].split(",")), "secrets": secrets}
    )
