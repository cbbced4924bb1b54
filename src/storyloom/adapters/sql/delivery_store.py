"""Deliveries of webhooks in an SQL database."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import changing, inserting, reading, writing
from storyloom.adapters.sql._tables import UNSENT, webhook_turn, webhooks
from storyloom.adapters.sql._tables import webhook_deliveries as t
from storyloom.webhooks.schemas import DeliveryStatus, Outcome, WholeDelivery

FORGET_WITHIN_S = 30.0
BATCH = 10_000  #: so many are removed at a time: a statement has to end in time


class SqlDeliveryStore:
    """Keeps deliveries in the table `storyloom_webhook_deliveries`."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def hand_out(
        self, deliveries: Sequence[WholeDelivery], *, holder: str, upto: int
    ) -> bool:
        """Keep them and how far they have come, in one transaction."""
        moving = sa.update(webhook_turn).where(webhook_turn.c.holder == holder).values(seq=upto)
        adding = inserting(self._engine, t).on_conflict_do_nothing(index_elements=[t.c.id])
        async with changing(self._engine) as connection:
            if not (await connection.execute(moving)).rowcount:
                return False
            if deliveries:
                await connection.execute(adding, [_row(one) for one in deliveries])
        return True

    async def add(self, delivery: WholeDelivery) -> None:
        """Keep one that comes of no event."""
        async with writing(self._engine) as connection:
            await connection.execute(sa.insert(t), _row(delivery))

    async def due(
        self,
        now: datetime,
        *,
        each: int,
        limit: int,
        busy: Collection[str] = (),
        full: Collection[str] = (),
    ) -> Sequence[WholeDelivery]:
        """What is to be sent now, of all webhooks by turns."""
        has_room = webhooks.c.enabled, webhooks.c.id.not_in(full)
        of_one = _first_due(now, each, busy)
        if self._engine.dialect.name != "sqlite":
            return await self._deliveries(_by_turns(of_one, has_room).limit(limit))
        # SQLite has no LATERAL: it is asked for each webhook.
        found: list[tuple[int, WholeDelivery]] = []
        async with reading(self._engine) as connection:
            for name in (await connection.execute(sa.select(webhooks.c.id).where(*has_room))).all():
                query = of_one.where(t.c.webhook_id == name.id)
                rows = (await connection.execute(query)).mappings().all()
                found += enumerate(map(_delivery, rows))
        found.sort(key=lambda one: (one[0], one[1].next_attempt_at))
        return [delivery for _, delivery in found[:limit]]

    async def record(self, delivery_id: str, outcome: Outcome) -> None:
        """Note an attempt, in one transaction."""
        query = sa.select(t).where(t.c.id == delivery_id).with_for_update()
        async with changing(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
            if row is None:
                return
            before = _delivery(row)
            after = before.after(outcome)
            if before.status is DeliveryStatus.DELIVERED:
                kept = {"status": before.status, "next_attempt_at": before.next_attempt_at}
                after = after.model_copy(update=kept)
            await connection.execute(sa.update(t).where(t.c.id == delivery_id).values(_row(after)))

    async def find(self, webhook_id: str, delivery_id: str) -> WholeDelivery | None:
        """One of the webhook's deliveries."""
        query = sa.select(t).where(t.c.id == delivery_id, t.c.webhook_id == webhook_id)
        found = await self._deliveries(query)
        return found[0] if found else None

    async def page(
        self,
        webhook_id: str,
        *,
        limit: int,
        before: WholeDelivery | None = None,
        status: DeliveryStatus | None = None,
    ) -> Sequence[WholeDelivery]:
        """The newest first."""
        query = sa.select(t).where(t.c.webhook_id == webhook_id)
        if status is not None:
            query = query.where(t.c.status == status)
        if before is not None:
            is_older = sa.and_(t.c.created_at == before.created_at, t.c.id < before.id)
            query = query.where(sa.or_(t.c.created_at < before.created_at, is_older))
        return await self._deliveries(
            query.order_by(t.c.created_at.desc(), t.c.id.desc()).limit(limit)
        )

    async def again(self, webhook_id: str, delivery_id: str, at: datetime) -> WholeDelivery | None:
        """Let it be sent anew."""
        change = (
            sa.update(t)
            .where(t.c.id == delivery_id, t.c.webhook_id == webhook_id)
            .values(status=DeliveryStatus.PENDING, next_attempt_at=at, tries=0)
            .returning(*t.c)
        )
        async with writing(self._engine) as connection:
            row = (await connection.execute(change)).mappings().first()
        return None if row is None else _delivery(row)

    async def forget(self, *, before: datetime) -> int:
        """Remove what is old; what waits since then does so for a webhook that is disabled."""
        is_at_rest = sa.or_(t.c.next_attempt_at.is_(None), t.c.next_attempt_at < before)
        old = sa.select(t.c.id).where(t.c.created_at < before, is_at_rest)
        batch = old.order_by(t.c.created_at).limit(BATCH)
        count, gone = 0, BATCH
        while gone == BATCH:
            async with writing(self._engine, FORGET_WITHIN_S) as connection:
                removal = sa.delete(t).where(t.c.id.in_(batch))
                gone = (await connection.execute(removal)).rowcount
            count += gone
        return count

    async def _deliveries(self, query: sa.Select[Any]) -> Sequence[WholeDelivery]:
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_delivery(row) for row in rows]


def _first_due(now: datetime, each: int, busy: Collection[str]) -> sa.Select[Any]:
    """The first ones that wait for one webhook. The index gives them, however many wait."""
    is_due = UNSENT, t.c.next_attempt_at <= now, t.c.id.not_in(busy)
    return sa.select(t).where(*is_due).order_by(t.c.next_attempt_at, t.c.id).limit(each)


def _by_turns(of_one: sa.Select[Any], has_room: Sequence[sa.ColumnElement[bool]]) -> sa.Select[Any]:
    """The first ones of every webhook that has room, of all webhooks by turns."""
    line = of_one.where(t.c.webhook_id == webhooks.c.id).correlate(webhooks).lateral("line")
    order = line.c.next_attempt_at, line.c.id
    place = sa.func.row_number().over(partition_by=line.c.webhook_id, order_by=order)
    query = sa.select(line).select_from(webhooks.join(line, sa.true())).where(*has_room)
    return query.order_by(place, line.c.next_attempt_at)


def _row(delivery: WholeDelivery) -> dict[str, Any]:
    attempts = [one.model_dump(mode="json", exclude_defaults=True) for one in delivery.attempts]
    return {
        **delivery.model_dump(exclude={"attempts"}),
        "attempts": json.dumps(attempts, ensure_ascii=False, separators=(",", ":")),
    }


def _delivery(row: sa.RowMapping) -> WholeDelivery:
    return WholeDelivery.model_validate({**row, "attempts": json.loads(row["attempts"])})
