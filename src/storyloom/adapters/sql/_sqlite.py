"""SQLite: one file beside the server, which brings its own tables and views up to date."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storyloom.adapters.sql._sqlite_views import VIEWS
from storyloom.adapters.sql._tables import metadata


def create_sqlite(url: str) -> AsyncEngine:
    """An engine for SQLite; nothing is opened yet."""
    engine = create_async_engine(url)
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


async def complete(engine: AsyncEngine) -> None:
    """Make the tables, indexes and views that are missing, or are of an older version."""
    async with engine.begin() as connection:
        await connection.run_sync(_complete)


def _complete(connection: sa.Connection) -> None:
    """Only what differs is written, so that reading beside a server needs no lock."""
    metadata.create_all(connection)
    kept = {
        row.name: row.sql
        for row in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")
    }
    for table in metadata.sorted_tables:
        for index in table.indexes:
            # Those of a table that is already there are not made with it.
            if index.name not in kept:
                index.create(connection)
    for name, query in VIEWS.items():
        wanted = f"CREATE VIEW {name} AS {query}"
        if kept.get(name) != wanted:
            connection.exec_driver_sql(f"DROP VIEW IF EXISTS {name}")
            connection.exec_driver_sql(wanted)


def _prepare(connection: Any, _record: object) -> None:
    """WAL lets readers and one writer work side by side.

    FULL makes a commit survive the loss of power as well as of the process: an accepted job is safe.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()
