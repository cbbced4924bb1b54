"""Bringing the database up to date by hand."""

from collections.abc import Sequence

from storyloom.adapters.dbos._client import migrate_engine
from storyloom.adapters.sql import _migrations
from storyloom.bootstrap.database import shared_database
from storyloom.errors import Misconfigured
from storyloom.settings import Settings


def apply_missing(settings: Settings) -> Sequence[str]:
    """Apply what the database lacks, and name it; raises `Misconfigured` or `Unavailable`.

    The engine brings its own tables up to date, in a schema of their own.
    """
    url = _url(settings)
    applied = _migrations.upgrade(url)
    migrate_engine(url)
    return applied


def missing(settings: Settings) -> Sequence[str]:
    """What the database lacks; raises `Misconfigured` or `Unavailable`."""
    return _migrations.pending(_url(settings))


def script_of_missing(settings: Settings) -> str:
    """What `apply_missing` would run, as SQL; raises `Misconfigured` or `Unavailable`."""
    return _migrations.script(_url(settings))


def _url(settings: Settings) -> str:
    url = shared_database(settings)
    if url is None:
        raise Misconfigured(
            "There is no PostgreSQL to migrate: DATABASE_URL is not set. "
            "SQLite in the data directory keeps itself up to date.",
            setting="DATABASE_URL",
        )
    return url
