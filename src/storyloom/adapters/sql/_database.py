"""Opening a database, and using it for one statement at a time."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import sqlalchemy as sa
from anyio import CancelScope
from sqlalchemy.dialects import postgresql, sqlite
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
                await complete(engine.url)
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


@asynccontextmanager
async def changing(
    engine: AsyncEngine, within_s: float = ANSWER_WITHIN_S
) -> AsyncGenerator[AsyncConnection]:
    """A connection in one transaction of several statements, committed in the end.

    SQLite lets nobody else write meanwhile. PostgreSQL does, so what is read in order to be changed
    is locked by the query that reads it.
    """
    with translated(), CancelScope(shield=True), within(within_s):
        async with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                # A plain BEGIN would let others in until the first row is written.
                await connection.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                await connection.execution_options(isolation_level="READ COMMITTED")
            yield connection
            await connection.commit()


def inserting(engine: AsyncEngine, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT into the table that may say what to do ON CONFLICT: each dialect has its own."""
    return (sqlite if engine.dialect.name == "sqlite" else postgresql).insert(table)


async def execute(engine: AsyncEngine, statement: sa.Executable, values: Mapping[str, str]) -> None:
    """Run one statement for its effect."""
    async with writing(engine) as connection:
        await connection.execute(statement, values)
