"""What every test shares: a clock to own, no network, no blocking call in the event loop."""

import asyncio
import gc
import os
import socket
import ssl
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import httpcore2
import psycopg
import pytest
from blockbuster import BlockBuster

from storyloom.adapters.rapidocr import text_reader
from storyloom.adapters.sql._migrations import upgrade
from storyloom.adapters.sql._tables import metadata
from storyloom.kit.clock import ManualClock
from tests import measuring, scratch
from tests.databases import PostgresServer, RedisServer, postgres_running, redis_running

pytest_plugins = ["tests.providers.fixtures"]

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def pytest_configure() -> None:
    scratch.choose()


def pytest_xdist_auto_num_workers() -> int:
    """Three for two cores: who starts servers and kills them waits for a good part of the time."""
    cores = os.cpu_count() or 1
    return cores + cores // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no process is left alone with it in the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """What is loaded by now stays, so the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Coverage is of this process, and of those that ask for it.

    When it goes on after a test with `no_cover`, it would be of all again.
    """
    measuring.only_here()


@pytest.fixture(scope="session", autouse=True)
def _is_measured_lightly() -> None:
    measuring.without_greenlets()
    measuring.unguarded()


@pytest.fixture(scope="session", autouse=True)
def _one_core_for_a_reading() -> None:
    """The processes that run tests share the cores, and threads that wait for one burn it."""
    text_reader.CORES = 1


_reading = cache(text_reader._read)


@pytest.fixture
def known_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture is read once in this process: it takes seconds, and comes out the same."""
    monkeypatch.setattr(text_reader, "_read", _reading)


@pytest.fixture(scope="session", autouse=True)
def _certificates_are_read_once() -> Generator[None]:
    """Each client reads all authorities, which takes longer than most of what it is made for.

    Who is on an event loop reads them as ever: there it would be noticed by the guard.
    """
    read = httpcore2.default_ssl_context
    known = cache(read)

    def context(**options: bool) -> ssl.SSLContext:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            return known(**options)
        return read(**options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpcore2, "default_ssl_context", context)
        yield


def _watch(guard: BlockBuster) -> None:
    guard.activate()
    # Asks only for the working directory, once, when a database is opened.
    guard.functions["os.path.abspath"].deactivate()


@pytest.fixture(scope="session")
def blocking_guard() -> Generator[BlockBuster]:
    """One for all tests of a process: its many patches would cost each of them milliseconds."""
    guard = BlockBuster(scanned_modules="storyloom")
    # A time zone is a file of two kilobytes, which is read once.
    for name in ("os.stat", "io.BufferedReader.read"):
        guard.functions[name].can_block_in("zoneinfo/_tzpath.py", {"find_tzfile"})
        guard.functions[name].can_block_in("zoneinfo/_common.py", {"load_data"})
    _watch(guard)
    yield guard
    guard.deactivate()


@pytest.fixture(autouse=True)
def _no_blocking_calls(blocking_guard: BlockBuster) -> None:
    """Blocking calls inside the event loop, made by our own code, fail the test."""


@pytest.fixture
def blocking_calls_allowed(blocking_guard: BlockBuster) -> Generator[None]:
    """For tests of what nobody is served by."""
    blocking_guard.deactivate()
    yield
    _watch(blocking_guard)


@pytest.fixture(autouse=True)
def _no_network(_no_blocking_calls: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for another machine fails."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        # A tuple is an internet address; a string is a socket on this machine.
        if not isinstance(address, str | bytes) and address[0] not in LOOPBACK:
            pytest.fail(f"a test tried to connect to {address!r}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def redis_server() -> Generator[RedisServer]:
    """A real Redis, shared by the tests of one process."""
    with redis_running() as server:
        yield server


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The address of an empty Redis."""
    redis_server.flush()
    return redis_server.url


@pytest.fixture(scope="session")
def postgres_server() -> Generator[PostgresServer]:
    """A real PostgreSQL, shared by the tests of one process."""
    with postgres_running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Generator[str]:
    """The address of an empty database."""
    url = postgres_server.new_database()
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def _database_with_tables(postgres_server: PostgresServer) -> Generator[str]:
    url = postgres_server.new_database()
    _make_tables(url)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def _pattern(postgres_server: PostgresServer) -> Generator[str]:
    """A database that nobody uses, with all tables."""
    url = postgres_server.new_database()
    _make_tables(url)
    yield url
    postgres_server.drop_database(url)


def _make_tables(url: str) -> None:
    with ThreadPoolExecutor(1) as thread:  # it blocks, and whoever asks may be on an event loop
        thread.submit(upgrade, url).result()


@pytest.fixture
def postgres_up_to_date(postgres_server: PostgresServer, _pattern: str) -> Generator[str]:
    """The address of a database of one's own with all tables, which may be changed."""
    url = postgres_server.new_database(like=_pattern)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def postgres_with_tables(_database_with_tables: str) -> str:
    """The address of a database that has all tables, and no rows: much faster than a new one."""
    names = ", ".join(metadata.tables)
    with psycopg.connect(_database_with_tables, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {names}".encode())
    return _database_with_tables
