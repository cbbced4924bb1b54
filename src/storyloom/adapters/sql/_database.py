"""Opening a database, and using it for one statement at a time."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import sqlalchemy as sa
from anyio import CancelScope
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storyloom.adapters.sql._faults import translated
from storyloom.adapters.sql._postgres import ANSWER_WITHIN_S, create_postgres, postgres_url, within
from storyloom.adapters.sql._sqlite import complete, create_sqlite


@asynccontextmanager
async def open_database(url: str) -> AsyncGenerator[AsyncEngine]:
    """Open the database at an SQLAlchemy URL, and close it in the end.

    SQLite gets the tables and views that it lacks; PostgreSQL has migrations for that, and is not
    asked anything yet.
    """
    is_sqlite = url.startswith("sqlite")
    engine = create_sqlite(url) if is_sqlite else create_postgres(postgres_url(url))
    try:
        if is_sqlite:
            with translated():
                await complete(engine)
        yield engine
    finally:
        await engine.dispose()


@asynccontextmanager
async def reading(
    engine: AsyncEngine, within_s: float = ANSWER_WITHIN_S
) -> AsyncGenerator[AsyncConnection]:
    """A connection for one query."""
    with translated(), CancelScope(shield=True), within(within_s):
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def writing(
    engine: AsyncEngine, within_s: float = ANSWER_WITHIN_S
) -> AsyncGenerator[AsyncConnection]:
    """A connection for one statement, committed in the end.

    Both are shielded: a statement that is given up in the middle leaves its connection broken, and
    nobody knows whether it was carried out. So the wait for PostgreSQL has an end of its own.
    """
    with translated(), CancelScope(shield=True), within(within_s):
        async with engine.begin() as connection:
            yield connection


async def execute(engine: AsyncEngine, statement: sa.Executable, values: Mapping[str, str]) -> None:
    """Run one statement for its effect."""
    async with writing(engine) as connection:
        await connection.execute(statement, values)
