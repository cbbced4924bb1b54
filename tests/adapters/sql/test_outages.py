"""A PostgreSQL that stops, starts again, or hangs, under an engine that stays open."""

import os
import signal
from collections.abc import AsyncGenerator, Generator
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql import _database, _postgres
from storyloom.adapters.sql._database import open_database, reading
from storyloom.adapters.sql._migrations import upgrade
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import Busy, TimedOut, Unavailable
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from tests.contracts.test_job_archive import completed, make
from tests.databases import PostgresServer, postgres_running


@pytest.fixture(scope="module")
def server() -> Generator[PostgresServer]:
    """A server of one's own, which can be made to fail."""
    with postgres_running() as started:
        upgrade(started.url)
        yield started


@pytest.fixture
async def database(server: PostgresServer) -> AsyncGenerator[AsyncEngine]:
    async with open_database(server.url) as opened:
        yield opened


@pytest.fixture
def archive(database: AsyncEngine) -> SqlJobArchive:
    return SqlJobArchive(database)


@contextmanager
def hanging(server: PostgresServer) -> Generator[None]:
    """The server and everything that serves a connection stand still; the lines stay open."""
    with psycopg.connect(server.url) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'storyloom'"
        ).fetchall()
    server.pause()
    for (pid,) in found:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for (pid,) in found:
            os.kill(pid, signal.SIGCONT)
        server.resume()


async def _each_call(archive: SqlJobArchive, clock: ManualClock) -> list[type[BaseException]]:
    job = make(clock)
    calls = (
        archive.ping,
        lambda: archive.add(job),
        lambda: archive.get(job.id),
        lambda: archive.begin(job.id, clock.now()),
        lambda: archive.finish(job.id, completed(clock)),
        lambda: archive.list(limit=1),
    )
    raised: list[type[BaseException]] = []
    for call in calls:
        with pytest.raises(Unavailable) as fault:
            await call()
        raised.append(fault.type)
    return raised


async def test_a_restart_is_not_noticed(
    server: PostgresServer, archive: SqlJobArchive, clock: ManualClock
) -> None:
    job = make(clock)
    await archive.add(job)

    await to_thread.run_sync(server.stop)
    await to_thread.run_sync(server.start)

    assert await archive.get(job.id) == job
    await archive.add(make(clock))


async def test_a_crash_is_not_noticed_afterwards(
    server: PostgresServer, archive: SqlJobArchive, clock: ManualClock
) -> None:
    job = make(clock)
    await archive.add(job)

    await to_thread.run_sync(server.stop, signal.SIGQUIT)
    await to_thread.run_sync(server.start)

    assert await archive.get(job.id) == job


async def test_while_it_is_stopped_every_call_says_so(
    server: PostgresServer, archive: SqlJobArchive, clock: ManualClock
) -> None:
    await archive.ping()
    await to_thread.run_sync(server.stop)

    try:
        raised = await _each_call(archive, clock)
    finally:
        await to_thread.run_sync(server.start)

    assert set(raised) == {Unavailable}
    await archive.ping()


async def test_a_server_that_hangs_is_given_up_and_comes_back(
    server: PostgresServer,
    archive: SqlJobArchive,
    clock: ManualClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("storyloom.adapters.sql.job_archive.PING_WITHIN_S", 0.2)
    monkeypatch.setattr("storyloom.adapters.sql.job_archive.FINISH_WITHIN_S", 0.2)
    job = make(clock)
    await archive.add(job)

    with hanging(server):
        # The open line first, then new ones: neither gets an answer.
        with pytest.raises(Unavailable, match="in time"):
            await archive.ping()
        with pytest.raises(Unavailable):
            await archive.ping()
        with pytest.raises(Unavailable):
            await archive.finish(job.id, completed(clock))

    assert await archive.get(job.id) == job
    assert await archive.finish(job.id, completed(clock))


async def test_a_session_that_hangs_while_it_is_opened_is_closed(
    server: PostgresServer, archive: SqlJobArchive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storyloom.adapters.sql.job_archive.PING_WITHIN_S", 0.2)
    monkeypatch.setattr(_postgres, "_SESSION", "SELECT pg_sleep(60)")

    with pytest.raises(Unavailable, match="in time"):
        await archive.ping()

    monkeypatch.undo()
    await archive.ping()


async def test_a_call_that_is_not_limited_waits_as_long_as_usual(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_postgres, "ANSWER_WITHIN_S", 0.2)

    async with database.connect() as connection:
        with pytest.raises(OperationalError, match="in time"):
            await connection.execute(sa.text("SELECT pg_sleep(60)"))


async def test_what_the_server_itself_gives_up_timed_out(database: AsyncEngine) -> None:
    impatient = sa.text("SET statement_timeout = 20")
    endless = sa.text("SELECT pg_sleep(60)")

    with pytest.raises(TimedOut):  # noqa: PT012 - of two statements in one session
        async with reading(database) as connection:
            await connection.execute(impatient)
            await connection.execute(endless)


async def test_a_line_that_is_cut_while_it_waits_is_told_as_it_is(database: AsyncEngine) -> None:
    with pytest.raises(Unavailable, match="terminating connection"):
        async with reading(database) as connection:
            await connection.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_news_on_an_idle_line_is_no_reason_to_drop_it(database: AsyncEngine) -> None:
    async with reading(database) as connection:
        first = await connection.scalar(sa.text("SELECT pg_backend_pid()"))
        await connection.execute(sa.text("LISTEN news"))
    with psycopg.connect(database.url.render_as_string().replace("+psycopg", "")) as other:
        other.execute("NOTIFY news")

    async with reading(database) as connection:
        assert await connection.scalar(sa.text("SELECT pg_backend_pid()")) == first


async def test_a_server_that_only_reads_is_left(database: AsyncEngine, clock: ManualClock) -> None:
    async with reading(database) as connection:
        first = await connection.scalar(sa.text("SELECT pg_backend_pid()"))
        await connection.execute(sa.text("SET default_transaction_read_only = on"))

    with pytest.raises(Unavailable, match="read-only"):
        await SqlJobArchive(database).add(make(clock))

    async with reading(database) as connection:
        assert await connection.scalar(sa.text("SELECT pg_backend_pid()")) != first


async def test_more_work_than_connections_is_told_as_busy(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_postgres, "CONNECTIONS", 1)
    monkeypatch.setattr(_postgres, "WAIT_FOR_CONNECTION_S", 0.05)

    async with _database.open_database(server.url) as small, reading(small):
        with pytest.raises(Busy):
            await SqlJobArchive(small).get(new_job_id())
