"""The ledger of calls to providers in an SQL database."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._budgets import alone, spent_by_job, spent_in_day
from storyloom.adapters.sql._database import reading, writing
from storyloom.adapters.sql._tables import model_calls as t
from storyloom.adapters.sql._types import UsDollars
from storyloom.errors import InvalidInput
from storyloom.kit.ids import JobId
from storyloom.kit.storable import storable
from storyloom.outbound.budgets import refuse_beyond
from storyloom.outbound.schemas import (
    OK,
    OPEN,
    Account,
    Budget,
    Call,
    Ending,
    Entry,
    Spent,
    Usage,
)

PING_WITHIN_S = 2.5
FORGET_WITHIN_S = 30.0
# So many rows go in a second, and nobody who writes waits for longer.
FORGET_AT_ONCE = 10_000
_INSERT = sa.insert(t)
_NEWEST_FIRST = (t.c.started_at.desc(), t.c.id.desc())


class SqlLedger:
    """Keeps calls in the table `storyloom_model_calls`, one row for each attempt."""

    def __init__(self, engine: AsyncEngine) -> None:
        """Take an open engine; closing it is its owner's part."""
        self._engine = engine

    async def open(self, call: Call, *, attempt: int, at: datetime, budget: Budget) -> str:
        """Write down that a call is about to be sent; raises `BudgetUsedUp`."""
        entry_id = str(uuid4())
        row = _row(entry_id, call, attempt, at)
        if not budget.is_set:
            async with writing(self._engine) as connection:
                await connection.execute(_INSERT, row)
            return entry_id
        async with alone(self._engine, call.account.org_id) as connection:
            of_job = of_org_day = Decimal(0)
            if budget.per_job_usd is not None:
                of_job = await spent_by_job(connection, call)
            if budget.per_org_day_usd is not None:
                of_org_day = await spent_in_day(connection, call, at)
            refuse_beyond(budget, call, of_job=of_job, of_org_day=of_org_day)
            await connection.execute(_INSERT, row)
        return entry_id

    async def close(self, entry_id: str, ending: Ending) -> None:
        """Write down how it ended.

        What the database cannot store as text is left out of the answer: it was paid for.
        """
        try:
            await self._close(entry_id, ending)
        except InvalidInput:
            await self._close(
                entry_id, ending.model_copy(update={"result": storable(ending.result)})
            )

    async def answered(self, org_id: str, input_hash: str) -> Entry | None:
        """The newest call of the organisation with this input that brought what was asked."""
        query = (
            sa.select(t)
            .where(t.c.org_id == org_id, t.c.input_hash == input_hash, t.c.outcome == OK)
            .order_by(*_NEWEST_FIRST)
            .limit(1)
        )
        async with reading(self._engine) as connection:
            row = (await connection.execute(query)).mappings().first()
        return None if row is None else _entry(dict(row))

    async def of_job(self, job_id: JobId) -> Sequence[Entry]:
        """All calls of a job, oldest first."""
        query = sa.select(t).where(t.c.job_id == job_id).order_by(t.c.started_at, t.c.attempt)
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [_entry(dict(row)) for row in rows]

    async def spent(self, *, since: datetime, org_id: str) -> Spent:
        """What an organisation has spent since then."""
        (spent,) = await self.spent_between(times=[since], org_id=org_id)
        return spent

    async def spent_between(self, *, times: Sequence[datetime], org_id: str) -> Sequence[Spent]:
        """What it has spent from each of these times to the next, or until now, in one query."""
        nothing = sa.literal(Decimal(0), UsDollars)
        newest_first = [(t.c.started_at >= time, number) for number, time in enumerate(times)][::-1]
        query = (
            sa.select(
                sa.case(*newest_first).label("number"),
                sa.func.coalesce(sa.func.sum(t.c.cost_usd), nothing).label("cost_usd"),
                sa.func.count().label("calls"),
                sa.func.count().filter(t.c.cost_usd.is_(None)).label("unknown_calls"),
                sa.func.coalesce(sa.func.sum(t.c.input_tokens), 0).label("input_tokens"),
                sa.func.coalesce(sa.func.sum(t.c.output_tokens), 0).label("output_tokens"),
            )
            .where(t.c.org_id == org_id, t.c.started_at >= times[0])
            .group_by(sa.literal_column("number"))
        )
        async with reading(self._engine) as connection:
            rows = (await connection.execute(query)).mappings().all()
        spent = {row["number"]: Spent.model_validate(dict(row)) for row in rows}
        return [spent.get(number, Spent()) for number in range(len(times))]

    async def forget(self, *, before: datetime) -> int:
        """Remove the calls that were made before this time; how many."""
        removed = 0
        while True:
            now = await self._forget_oldest(before)
            removed += now
            if now < FORGET_AT_ONCE:
                return removed

    async def ping(self) -> None:
        """Read one row."""
        async with reading(self._engine, PING_WITHIN_S) as connection:
            await connection.execute(sa.select(t.c.id).limit(1))

    async def _close(self, entry_id: str, ending: Ending) -> None:
        values = {**ending.model_dump(exclude={"usage"}), **ending.usage.model_dump()}
        async with writing(self._engine) as connection:
            await connection.execute(sa.update(t).where(t.c.id == entry_id).values(values))

    async def _forget_oldest(self, before: datetime) -> int:
        oldest = (
            sa.select(t.c.id)
            .where(t.c.started_at < before)
            .order_by(t.c.started_at)
            .limit(FORGET_AT_ONCE)
        )
        async with writing(self._engine, FORGET_WITHIN_S) as connection:
            return (await connection.execute(sa.delete(t).where(t.c.id.in_(oldest)))).rowcount


def _row(entry_id: str, call: Call, attempt: int, at: datetime) -> dict[str, Any]:
    return {
        **call.model_dump(exclude={"account"}),
        **call.account.model_dump(),
        "id": entry_id,
        "attempt": attempt,
        "started_at": at,
    }


def _entry(row: dict[str, Any]) -> Entry:
    call = Call.model_validate({**row, "account": Account.model_validate(row)})
    ending = None
    if row["outcome"] != OPEN:
        ending = Ending.model_validate({**row, "usage": Usage.model_validate(row)})
    return Entry(
        id=row["id"],
        call=call,
        attempt=row["attempt"],
        started_at=row["started_at"],
        ending=ending,
    )
