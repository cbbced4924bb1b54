"""SQLite for DBOS where the system's SQLite is older than DBOS takes for granted."""

import sqlite3
import time
from typing import Any

from sqlalchemy import Engine, create_engine, event

# From Python 3.12 on DBOS asks for `unixepoch('subsec')`, which SQLite 3.42 brought. A Python that
# was built on an older system, Debian 12 for one, has an older SQLite, where it gives NULL.
HAS_SUBSECONDS = sqlite3.sqlite_version_info >= (3, 42)


def engine_for(database_url: str, *, has_subseconds: bool = HAS_SUBSECONDS) -> Engine | None:
    """An engine that knows the missing function, or None where DBOS can make its own."""
    if has_subseconds or not database_url.startswith("sqlite"):
        return None
    engine = create_engine(database_url)
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # As DBOS does for the engines that it makes itself.
    connection.isolation_level = "IMMEDIATE"
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA foreign_keys=ON")
    connection.create_function("unixepoch", 1, _now)


def _now(_modifier: str) -> float:
    """Seconds since 1970 with their fraction: DBOS calls it with 'subsec' alone."""
    return time.time_ns() / 1e9
