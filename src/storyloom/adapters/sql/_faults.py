"""What SQLAlchemy and its drivers raise, in our words."""

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    SQLAlchemyError,
    StatementError,
    TimeoutError,  # noqa: A004 - its own name for "no connection was free"
)

from storyloom.errors import Busy, Conflict, InvalidInput, StoryloomError, TimedOut, Unavailable

_SYSTEM = "archive"
# The SQLSTATE codes of PostgreSQL that mean more than that something went wrong.
_UNIQUE_VIOLATION = "23505"
_QUERY_CANCELED = "57014"
_UNDEFINED = ("42P01", "42703", "42883")
_WRONG = ("42601", "42804")
_NO_ROOM = "53"
# The result codes of SQLite that pass by themselves, or when somebody makes room or mends a disk.
_PASSING = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_SCHEMA,
    }
)
_PRIMARY = 0xFF
_MISSING = ("no such table", "no such column")


@contextmanager
def translated() -> Generator[None]:
    """Raise what SQLAlchemy and its drivers raise as errors of ours."""
    try:
        yield
    except TimeoutError as fault:
        raise Busy("The job archive has no connection to spare.", system=_SYSTEM) from fault
    except (SQLAlchemyError, OSError, UnicodeError) as fault:
        raise _ours(fault) from fault


def sqlstate_of(fault: BaseException | None) -> str:
    """The code that PostgreSQL gave the fault, or nothing."""
    return getattr(fault, "sqlstate", None) or ""


def of_sqlite(fault: sqlite3.Error) -> StoryloomError:
    """What SQLite says: only what may pass is `Unavailable`, for that is waited for, however long."""
    if isinstance(fault, sqlite3.IntegrityError):
        return _clash("")
    # What the driver finds by itself, such as a database that is closed already, has no code.
    code = getattr(fault, "sqlite_errorcode", sqlite3.SQLITE_BUSY)
    if code & _PRIMARY in _PASSING:
        return _no_answer("", str(fault))
    if str(fault).startswith(_MISSING):
        return _no_answer(_UNDEFINED[0], str(fault))
    return _lasting(str(fault))


def _ours(fault: SQLAlchemyError | OSError | UnicodeError) -> StoryloomError:
    cause = fault.orig if isinstance(fault, StatementError) else fault
    if isinstance(fault, DataError) or isinstance(cause, UnicodeError):
        return InvalidInput("The job holds something that the archive cannot store as text.")
    if isinstance(fault, IntegrityError):
        return _clash(sqlstate_of(cause))
    if isinstance(cause, sqlite3.Error):
        return of_sqlite(cause)
    state = sqlstate_of(cause)
    if state in _WRONG:
        return _lasting(_reason(fault, cause))
    return _no_answer(state, _reason(fault, cause))


def _clash(state: str) -> StoryloomError:
    if state in {"", _UNIQUE_VIOLATION}:
        return Conflict("The job archive already holds this job.")
    return InvalidInput("The job does not fit the table of the job archive.")


def _lasting(reason: str) -> StoryloomError:
    """Nobody is to wait for what the same statement would meet with again."""
    return StoryloomError(f"The job archive refuses it: {reason}")


def _no_answer(state: str, reason: str) -> Unavailable:
    said = f"The job archive did not answer: {reason}"
    if state == _QUERY_CANCELED:
        return TimedOut(said, system=_SYSTEM)
    if state.startswith(_NO_ROOM):
        return Busy(said, system=_SYSTEM)
    if state in _UNDEFINED:
        said = f"{said}; `storyloom migrate` brings the database up to date"
    return Unavailable(said, system=_SYSTEM)


def _reason(fault: BaseException, cause: BaseException | None) -> str:
    """The driver's own words: SQLAlchemy's hold the statement and what it was to write.

    PostgreSQL's first line alone, since the next ones quote the statement; and where it was not
    reached, what comes after its address.
    """
    if not isinstance(fault, DBAPIError):
        return type(fault).__name__
    told = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause)
    return told.strip().partition("\n")[0].rpartition("failed: ")[2] or type(cause).__name__
