"""Looking at what was spent and writing the next call, so that nobody else does it in between."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from decimal import Decimal
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.adapters.sql._database import changing
from storyloom.adapters.sql._tables import model_calls as t
from storyloom.adapters.sql._types import UsDollars
from storyloom.outbound.budgets import day_of
from storyloom.outbound.schemas import OPEN, Call

# Any number that nothing else of ours locks; the second half of the key is the organisation.
_LOCK = 0x5709_1005
_NOTHING = sa.literal(Decimal(0), UsDollars)
_later = t.alias("later")
# Whoever was killed in a call makes it anew; then it is the new entry that counts.
_MADE_ANEW = sa.exists().where(
    _later.c.job_id == t.c.job_id,
    _later.c.input_hash == t.c.input_hash,
    sa.tuple_(_later.c.started_at, _later.c.id) > sa.tuple_(t.c.started_at, t.c.id),
)
# What nobody knows the cost of counts with the most that it should have cost.
_SUM = sa.select(
    sa.func.coalesce(sa.func.sum(sa.func.coalesce(t.c.cost_usd, t.c.estimate_usd)), _NOTHING)
)


@asynccontextmanager
async def alone(engine: AsyncEngine, org_id: str) -> AsyncGenerator[AsyncConnection]:
    """A connection in a transaction that no other of the organisation runs beside."""
    async with changing(engine) as connection:
        if engine.dialect.name != "sqlite":
            await connection.execute(sa.select(_lock_of(org_id)))
        yield connection


async def spent_by_job(connection: AsyncConnection, call: Call) -> Decimal:
    """What the job of the call has spent; nothing where it belongs to none."""
    job_id = call.account.job_id
    if job_id is None:
        return Decimal(0)
    return await _sum(connection, call, t.c.job_id == job_id)


async def spent_in_day(connection: AsyncConnection, call: Call, at: datetime) -> Decimal:
    """What the organisation of the call has spent in the UTC day."""
    start, end = day_of(at)
    return await _sum(
        connection,
        call,
        t.c.org_id == call.account.org_id,
        t.c.started_at >= start,
        t.c.started_at < end,
    )


async def _sum(connection: AsyncConnection, call: Call, *which: sa.ColumnElement[bool]) -> Decimal:
    counts = sa.or_(t.c.outcome != OPEN, sa.not_(sa.or_(_MADE_ANEW, _same(call))))
    return (await connection.execute(_SUM.where(counts, *which))).scalar_one()


def _same(call: Call) -> sa.ColumnElement[bool]:
    """Of the job of this call, and with its input: what is made anew now."""
    job_id = call.account.job_id
    if job_id is None:
        return sa.false()
    # Entries without a job would make the comparison unknown, and not false.
    of_job = sa.and_(t.c.job_id.is_not(None), t.c.job_id == job_id)
    return sa.and_(of_job, t.c.input_hash == call.input_hash)


def _lock_of(org_id: str) -> sa.ColumnElement[object]:
    number = int.from_bytes(sha256(org_id.encode("utf-8", "replace")).digest()[:4], signed=True)
    return sa.func.pg_advisory_xact_lock(
        sa.literal(_LOCK, sa.Integer), sa.literal(number, sa.Integer)
    )
