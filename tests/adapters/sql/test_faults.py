"""Saying what databases complain of in our words."""

import inspect
import sqlite3

import psycopg
import pytest
from psycopg import errors as pg
from sqlalchemy import exc

from storyloom.adapters.sql._faults import of_sqlite, translated
from storyloom.errors import Busy, Conflict, InvalidInput, StoryloomError, TimedOut, Unavailable

SQLALCHEMY = [
    cls
    for cls in vars(exc).values()
    if inspect.isclass(cls) and issubclass(cls, exc.SQLAlchemyError)
]
PSYCOPG = sorted(
    {cls for cls in vars(pg).values() if inspect.isclass(cls) and issubclass(cls, psycopg.Error)},
    key=lambda cls: cls.__name__,
)


def said_of(fault: BaseException) -> StoryloomError:
    with pytest.raises(StoryloomError) as said, translated():
        raise fault
    return said.value


def wrapped(fault: psycopg.Error) -> BaseException:
    """As SQLAlchemy raises what the driver raises."""
    return exc.DBAPIError.instance(
        "SELECT secret", {"password": "hunter2"}, fault, psycopg.Error, dialect=None
    )


def test_no_error_of_sqlalchemy_leaks() -> None:
    special: dict[type[Exception], type[StoryloomError]] = {
        exc.IntegrityError: Conflict,
        exc.DataError: InvalidInput,
        exc.TimeoutError: Busy,
    }
    for kind in SQLALCHEMY:
        driver_fault = Exception("the driver's words")
        is_statement = issubclass(kind, exc.StatementError)
        fault = kind("", "SELECT secret", {}, driver_fault) if is_statement else kind.__new__(kind)

        said = said_of(fault)

        assert type(said) is special.get(kind, Unavailable), kind
        assert "secret" not in said.message, kind


def test_no_error_of_psycopg_leaks() -> None:
    for kind in PSYCOPG:
        said = said_of(wrapped(kind("refused\nLINE 1: SELECT secret")))

        is_ours = isinstance(said, Unavailable | Conflict | InvalidInput)
        is_wrong = type(said) is StoryloomError and kind in {pg.SyntaxError, pg.DatatypeMismatch}
        assert is_ours or is_wrong, kind
        assert said.message.startswith("The job "), kind
        assert [word for word in ("secret", "hunter2", "\n") if word in said.message] == [], kind


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (pg.UniqueViolation, Conflict),
        (pg.CheckViolation, InvalidInput),
        (pg.NotNullViolation, InvalidInput),
        (pg.UntranslatableCharacter, InvalidInput),
        (pg.TooManyConnections, Busy),
        (pg.QueryCanceled, TimedOut),
        (pg.AdminShutdown, Unavailable),
        (pg.CannotConnectNow, Unavailable),
        (pg.ReadOnlySqlTransaction, Unavailable),
        (pg.SerializationFailure, Unavailable),
        (pg.UndefinedTable, Unavailable),
        (pg.UndefinedFunction, Unavailable),
        (pg.SyntaxError, StoryloomError),
    ],
)
def test_codes_that_mean_more(kind: type[psycopg.Error], expected: type[StoryloomError]) -> None:
    assert type(said_of(wrapped(kind("so it is")))) is expected


def test_a_missing_table_names_the_command_that_makes_it() -> None:
    assert "storyloom migrate" in said_of(wrapped(pg.UndefinedTable("no such table"))).message


def test_a_server_that_is_away_is_told_without_its_address() -> None:
    fault = psycopg.OperationalError(
        'connection failed: connection to server on socket "/run/.s.PGSQL.5432" failed: '
        "Connection refused\n\tIs the server running?"
    )

    assert said_of(wrapped(fault)).message == "The job archive did not answer: Connection refused"


def test_a_driver_without_words_is_named() -> None:
    assert said_of(wrapped(psycopg.OperationalError())).message.endswith(": OperationalError")


@pytest.mark.parametrize("fault", [OSError("x"), TimeoutError()])
def test_the_systems_errors_are_translated(fault: OSError) -> None:
    assert type(said_of(fault)) is Unavailable


def test_text_that_cannot_be_encoded_is_invalid() -> None:
    with pytest.raises(InvalidInput), translated():
        "\ud800".encode()


def of_code(code: int) -> sqlite3.OperationalError:
    fault = sqlite3.OperationalError("so it is")
    fault.sqlite_errorcode = code
    return fault


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (of_code(sqlite3.SQLITE_BUSY), Unavailable),
        (of_code(sqlite3.SQLITE_BUSY_SNAPSHOT), Unavailable),
        (of_code(sqlite3.SQLITE_LOCKED), Unavailable),
        (of_code(sqlite3.SQLITE_IOERR_WRITE), Unavailable),
        (of_code(sqlite3.SQLITE_FULL), Unavailable),
        (of_code(sqlite3.SQLITE_CANTOPEN), Unavailable),
        (sqlite3.ProgrammingError("Cannot operate on a closed database."), Unavailable),
        (of_code(sqlite3.SQLITE_ERROR), StoryloomError),
        (of_code(sqlite3.SQLITE_CORRUPT), StoryloomError),
        (of_code(sqlite3.SQLITE_NOTADB), StoryloomError),
        (sqlite3.IntegrityError("UNIQUE constraint failed"), Conflict),
    ],
)
def test_what_passes_in_sqlite_is_told_from_what_lasts(
    fault: sqlite3.Error, expected: type[StoryloomError]
) -> None:
    instance = exc.DBAPIError.instance("SELECT secret", {}, fault, sqlite3.Error, dialect=None)

    for one in (said_of(instance), of_sqlite(fault)):
        assert type(one) is expected
        assert "secret" not in one.message
        assert one.retryable == (expected is Unavailable)


def test_a_table_that_is_missing_is_one_that_may_come() -> None:
    fault = of_code(sqlite3.SQLITE_ERROR)
    fault.args = ("no such table: storyloom_events",)

    said = of_sqlite(fault)

    assert isinstance(said, Unavailable)
    assert "storyloom migrate" in said.message
