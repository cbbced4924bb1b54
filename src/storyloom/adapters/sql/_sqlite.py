"""SQLite: one file beside the server, which brings its own tables and views up to date."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storyloom.adapters.sql._sqlite_triggers import BACKFILL, TRIGGERS
from storyloom.adapters.sql._sqlite_views import VIEWS
from storyloom.adapters.sql._tables import DROPPED, metadata, work
from storyloom.kit.folding import folded


def create_sqlite(url: str) -> AsyncEngine:
    """An engine for SQLite; nothing is opened yet."""
    engine = create_async_engine(url, json_serializer=_written)
    event.listen(engine.sync_engine, "connect", _prepare)
    return engine


async def complete(url: sa.URL) -> None:
    """Make the tables, indexes and views that are missing, or are of an older version.

    In one thread from start to end: an async engine would change threads at each of some 150 statements.
    """
    await to_thread.run_sync(_bring_up_to_date, url.set(drivername="sqlite"))


def _bring_up_to_date(url: sa.URL) -> None:
    engine = sa.create_engine(url)
    event.listen(engine, "connect", _prepare)
    try:
        _at_once(engine, "BEGIN")
    except OperationalError as fault:
        if getattr(fault.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY_SNAPSHOT:
            raise
        # Somebody has written since we looked.
        _at_once(engine, "BEGIN IMMEDIATE")
    finally:
        engine.dispose()


def _at_once(engine: sa.Engine, begin: str) -> None:
    """One transaction waits once for the disk, and leaves nothing half made when the process dies.

    Without a word the driver would begin none, and commit each statement.
    """
    with engine.connect() as connection:
        connection.exec_driver_sql(begin)
        _complete(connection)
        connection.commit()


def _complete(connection: sa.Connection) -> None:
    """Only what differs is written, so that reading beside a server needs no lock."""
    was_noted = sa.inspect(connection).has_table(work.name)
    metadata.create_all(connection)
    kept = {
        row.name: row.sql
        for row in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")
    }
    for table in metadata.sorted_tables:
        _add_columns(connection, table)
        for index in table.indexes:
            # Those of a table that is already there are not made with it.
            if index.name not in kept:
                index.create(connection)
    for name in DROPPED:
        if name in kept:
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS {name}")
    for name, query in VIEWS.items():
        _renew(connection, kept, f"VIEW {name}", f"AS {query}")
    for name, what in TRIGGERS.items():
        _renew(connection, kept, f"TRIGGER {name}", what)
    if not was_noted:
        for statement in BACKFILL:
            connection.exec_driver_sql(statement)


def _add_columns(connection: sa.Connection, table: sa.Table) -> None:
    """Those that a table of an older version lacks. They may be empty, or have a default."""
    known = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    for column in table.columns:
        if column.name not in known:
            added = sa.schema.CreateColumn(column).compile(dialect=connection.dialect)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {added}")


def _renew(connection: sa.Connection, kept: Mapping[str, str], named: str, what: str) -> None:
    wanted = f"CREATE {named} {what}"
    if kept.get(named.split()[1]) != wanted:
        connection.exec_driver_sql(f"DROP {named.replace(' ', ' IF EXISTS ')}")
        connection.exec_driver_sql(wanted)


def _written(value: object) -> str:
    """JSON in UTF-8, so that half a surrogate pair is refused, as by PostgreSQL.

    Escaped, it would be kept, and fail the triggers and whoever reads what they take out of it.
    """
    text = json.dumps(value, ensure_ascii=False)
    text.encode()
    return text


def _prepare(connection: Any, _record: object) -> None:
    """WAL lets readers and one writer work side by side.

    FULL makes a commit survive the loss of power as well as of the process: an accepted job is safe.
    """
    # SQLite's own knows the letters of ASCII alone.
    connection.create_function("lower", 1, _folded, deterministic=True)
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


def _folded(text: object) -> str | None:
    return None if text is None else folded(str(text))
