"""Opening a database, and saying its errors in our words."""

from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from anyio import CancelScope
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storyloom.adapters.sql._tables import metadata
from storyloom.errors import Conflict, Unavailable


@asynccontextmanager
async def open_database(url: str) -> AsyncGenerator[AsyncEngine]:
    """Open the database at an SQLAlchemy URL, make missing tables, and close it in the end."""
    engine = create_async_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    try:
        with translated():
            async with engine.begin() as connection:
                await connection.run_sync(metadata.create_all)
        yield engine
    finally:
        await engine.dispose()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL lets readers and one writer work side by side.

    FULL makes a commit survive the loss of power as well as of the process: an accepted job is safe.
    """
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 15000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.close()


@asynccontextmanager
async def reading(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """A connection for one query."""
    with translated(), CancelScope(shield=True):
        async with engine.connect() as connection:
            yield connection


@asynccontextmanager
async def writing(engine: AsyncEngine) -> AsyncGenerator[AsyncConnection]:
    """A connection for one statement, committed in the end.

    Both are shielded: a statement that is given up in the middle leaves its connection broken, and
    nobody knows whether it was carried out.
    """
    with translated(), CancelScope(shield=True):
        async with engine.begin() as connection:
            yield connection


@contextmanager
def translated() -> Generator[None]:
    """Raise what SQLAlchemy and its drivers raise as errors of ours."""
    try:
        yield
    except IntegrityError as fault:
        raise Conflict("The job archive already holds this job.") from fault
    except (SQLAlchemyError, OSError) as fault:
        # The driver's own words: SQLAlchemy's hold the statement and what it was to write.
        reason = getattr(fault, "orig", None) or type(fault).__name__
        raise Unavailable(f"The job archive did not answer: {reason}", system="archive") from fault
