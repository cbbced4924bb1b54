"""Requests that may be sent again."""

from anyio.abc import TaskGroup
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql.idempotency_store import SqlIdempotencyStore
from storyloom.idempotency.state import IdempotencyKeys
from storyloom.kit.clock import Clock


def idempotency_of(database: AsyncEngine, clock: Clock, tasks: TaskGroup) -> IdempotencyKeys:
    """Keep them in the database, for as long as the task group lasts."""
    keys = IdempotencyKeys(SqlIdempotencyStore(database, clock))
    tasks.start_soon(keys.renew_forever)
    tasks.start_soon(keys.forget_forever)
    return keys
