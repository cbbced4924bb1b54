"""What DBOS keeps of runs, opened beside whatever runs: nothing is started or taken up here."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from anyio import to_thread
from dbos import DBOSClient

from storyloom.adapters.dbos._client import DbosQueueEngine, open_queue_engine
from storyloom.adapters.dbos._runtime import APPLICATION
from storyloom.adapters.dbos._sqlite import engine_for
from storyloom.adapters.dbos._steps import JsonSerializer


@asynccontextmanager
async def open_run_records(database_url: str) -> AsyncGenerator[DbosQueueEngine]:
    """Open the records of runs in a PostgreSQL, or in the SQLite file of a server.

    The server may be running: SQLite lets one process after the other write.
    """
    if not database_url.startswith("sqlite"):
        async with open_queue_engine(database_url, [], poll_s=1, run=_nothing) as engine:
            yield engine
        return
    database = engine_for(database_url)
    client = DBOSClient(
        system_database_url=database_url,
        system_database_engine=database,
        serializer=JsonSerializer(),
        application_name=APPLICATION,
        lazy=True,
    )
    try:
        yield DbosQueueEngine(client, {}, _nothing)
    finally:
        await to_thread.run_sync(client.destroy)
        if database is not None:
            database.dispose()


async def _nothing(_statement: object, _values: object) -> None:
    """Nothing is started beside whatever runs."""
