"""What DBOS and its database raise, in our words."""

from collections.abc import Generator
from contextlib import contextmanager

from dbos import error as dbos_error
from sqlalchemy.exc import SQLAlchemyError

from storyloom.errors import Unavailable


@contextmanager
def translated() -> Generator[None]:
    """Raise `Unavailable`, with the driver's own words: SQLAlchemy's hold the statement."""
    try:
        yield
    except (SQLAlchemyError, dbos_error.DBOSException) as fault:
        reason = getattr(fault, "orig", None) or type(fault).__name__
        raise Unavailable(f"The engine did not answer: {reason}", system="engine") from fault
