"""PostgreSQL through psycopg: how it is reached, and how long it is waited for."""

import asyncio
import selectors
import socket
from asyncio import get_running_loop
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import psycopg
import sqlalchemy as sa
from psycopg.pq import Conninfo
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from storyloom.adapters.sql._faults import sqlstate_of
from storyloom.errors import Misconfigured

# One process needs few: a statement takes a millisecond, and Supabase's pooler lends a project few.
CONNECTIONS = 10
WAIT_FOR_CONNECTION_S = 2.0
ANSWER_WITHIN_S = 5.0
# PostgreSQL itself ends what nobody waits for any more.
_SESSION = "SET TIME ZONE 'UTC'; SET statement_timeout = '60s'"
_SETTING = "DATABASE_URL"
# What other libraries read from an address, and PostgreSQL's own would refuse.
_FOREIGN = frozenset({"connection_limit", "pgbouncer", "pool_timeout", "schema", "supa"})
_READ_ONLY = "25006"
_give_up_at: ContextVar[float | None] = ContextVar("give_up_at", default=None)
_T = TypeVar("_T")


@contextmanager
def within(seconds: float) -> Generator[None]:
    """Wait for PostgreSQL so long and no longer, however many answers that takes."""
    token = _give_up_at.set(get_running_loop().time() + seconds)
    try:
        yield
    finally:
        _give_up_at.reset(token)


def postgres_url(address: str) -> sa.URL:
    """The address for SQLAlchemy, as operators and Supabase write it; raises `Misconfigured`."""
    try:
        url = sa.make_url(address).set(drivername="postgresql+psycopg")
    except (ArgumentError, ValueError):
        raise Misconfigured(
            f"{_SETTING} is not an address such as postgresql://user:password@host:5432/name; "
            "marks such as @ and / in a password are written %40 and %2F.",
            setting=_SETTING,
        ) from None
    url = url.difference_update_query(_FOREIGN)
    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    for name in sorted(set(url.query) - known):
        raise Misconfigured(
            f"{_SETTING} has an option that PostgreSQL does not know: {name}.", setting=_SETTING
        )
    # No router forgets an idle connection, and a server whose host is gone is noticed in seconds.
    usual = {
        "application_name": "storyloom",
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "15000",
    }
    return url.update_query_dict({**usual, **url.query})


def create_postgres(url: sa.URL) -> AsyncEngine:
    """An engine for PostgreSQL; nothing is opened yet.

    Every statement is its own transaction, so it takes one round trip and not three. Statements are
    not prepared on the server: a pooler may answer the next one from another connection.
    """
    engine = create_async_engine(
        url,
        isolation_level="AUTOCOMMIT",
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_FOR_CONNECTION_S,
        pool_use_lifo=True,
        hide_parameters=True,
        connect_args={"async_creator_fn": _connect, "prepare_threshold": None},
    )
    event.listen(engine.sync_engine, "checkout", _drop_if_dead)
    event.listen(engine.sync_engine, "handle_error", _leave_a_standby)
    return engine


class _ImpatientConnection(psycopg.AsyncConnection[Any]):
    """Hangs up on a server that does not answer in time.

    Giving up the waiting task would be worse: psycopg then asks the same server to cancel, waits
    for that, and leaves a connection in the middle of an answer.
    """

    async def wait(
        self,
        gen: Generator[Any, Any, _T],
        interval: float = 0.1,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is psycopg's
    ) -> _T:
        """Wait for one answer."""
        loop = get_running_loop()
        hung_up = asyncio.Event()
        timer = loop.call_at(_deadline(), self._hang_up, hung_up)
        try:
            return await super().wait(gen, interval, timeout)
        except psycopg.OperationalError:
            if hung_up.is_set():
                raise psycopg.OperationalError("no answer in time") from None
            raise
        finally:
            timer.cancel()

    def _hang_up(self, hung_up: asyncio.Event) -> None:
        hung_up.set()
        line = socket.socket(fileno=self.fileno())
        try:
            line.shutdown(socket.SHUT_RDWR)
        finally:
            line.detach()


async def _connect(*address: Any, **options: Any) -> _ImpatientConnection:
    async with asyncio.timeout_at(_deadline()):
        connection = await _ImpatientConnection.connect(*address, **options)
    try:
        await connection.execute(_SESSION)
    except psycopg.Error:
        await connection.close()
        raise
    # psycopg opens a transaction for the first statement, unless it is told not to.
    await connection.commit()
    return connection


def _deadline() -> float:
    until = _give_up_at.get()
    return get_running_loop().time() + ANSWER_WITHIN_S if until is None else until


def _drop_if_dead(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: object) -> None:
    """Find out whether the server has hung up since the last use.

    It says so on the socket, so this asks the system and not the server: microseconds instead of a
    round trip before every statement.
    """
    driver: psycopg.AsyncConnection[Any] = connection.driver_connection
    try:
        while _has_news(driver.fileno()):
            driver.pgconn.consume_input()
    except psycopg.OperationalError as fault:
        raise InvalidatePoolError from fault


def _has_news(line: int) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        return bool(selector.select(0))


def _leave_a_standby(context: sa.engine.ExceptionContext) -> None:
    """After a failover the old connections lead to a server that only reads: they are dropped."""
    if sqlstate_of(context.original_exception) == _READ_ONLY:
        context.is_disconnect = True
