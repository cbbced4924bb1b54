"""What SQLAlchemy and its drivers raise, in our words."""

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
_UNDEFINED = ("42P01", "42703")
_NO_ROOM = "53"


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


def _ours(fault: SQLAlchemyError | OSError | UnicodeError) -> StoryloomError:
    cause = fault.orig if isinstance(fault, StatementError) else fault
    if isinstance(fault, DataError) or isinstance(cause, UnicodeError):
        return InvalidInput("The job holds something that the archive cannot store as text.")
    if isinstance(fault, IntegrityError):
        return _clash(sqlstate_of(cause))
    return _no_answer(sqlstate_of(cause), _reason(fault, cause))


def _clash(state: str) -> StoryloomError:
    if state in {"", _UNIQUE_VIOLATION}:
        return Conflict("The job archive already holds this job.")
    return InvalidInput("The job does not fit the table of the job archive.")


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
