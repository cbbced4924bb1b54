"""What contract suites share: one database with all tables, emptied for each test."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from storyloom.adapters.sql._migrations import upgrade
from storyloom.adapters.sql._tables import metadata
from tests.databases import PostgresServer


@pytest.fixture(scope="session")
def _database_with_tables(postgres_server: PostgresServer) -> Generator[str]:
    url = postgres_server.new_database()
    with ThreadPoolExecutor(1) as thread:  # it blocks, and whoever asks may be on an event loop
        thread.submit(upgrade, url).result()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def postgres_with_tables(_database_with_tables: str) -> str:
    """The address of a database that has all tables, and no rows: much faster than a new one."""
    names = ", ".join(metadata.tables)
    with psycopg.connect(_database_with_tables, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {names}".encode())
    return _database_with_tables
