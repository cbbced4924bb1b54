"""Bringing a PostgreSQL database up to date with the numbered files, by Alembic.

Each file is one revision, in the order of their numbers, so a new file is all that a change of the
tables needs. Everything that is missing is applied in one transaction under one lock: many processes
may start at the same time, and a failure leaves the database as it was.

A database that a newer program has brought further lacks nothing: files only ever add, so that a
program that is rolled back goes on with it.
"""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory

from storyloom.adapters.sql._faults import translated
from storyloom.adapters.sql._postgres import postgres_url

_FOLDER = Path(__file__).parent / "migrations"
_TABLE = "storyloom_migrations"
# Any number that nothing else of ours locks.
_LOCK = 0x5709_0002
_CONNECT_WITHIN_S = 10
_HEAD = "head"
log = logging.getLogger(__name__)


def pending(address: str) -> Sequence[str]:
    """The names of the files that are still to be applied; raises `Unavailable`."""
    with _connected(address) as connection:
        return _pending(connection)


def upgrade(address: str) -> Sequence[str]:
    """Apply what is missing and name it; raises `Unavailable`.

    The lock is only asked for where there is something to do, so that a role which may not change
    tables can start too.
    """
    with _connected(address) as connection:
        if not _pending(connection):
            return []
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        # Another process may have done it meanwhile.
        missing = _pending(connection)
        # Without parameters, so that the driver sends each file as it is.
        as_is = connection.execution_options(no_parameters=True)
        _context(connection).run_migrations(run=as_is.exec_driver_sql)
        return missing


def script(address: str) -> str:
    """What `upgrade` would run, as SQL; raises `Unavailable`."""
    with _connected(address) as connection:
        at = _revision(connection)
        if not _pending(connection):
            return ""
    written = StringIO()
    context = MigrationContext.configure(
        dialect_name="postgresql",
        opts={
            "version_table": _TABLE,
            "fn": _steps,
            "as_sql": True,
            "output_buffer": written,
            "starting_rev": at,
        },
    )
    with context.begin_transaction():
        context.run_migrations(run=context.impl.static_output)
    return written.getvalue()


@contextmanager
def _connected(address: str) -> Generator[sa.Connection]:
    engine = sa.create_engine(
        postgres_url(address),
        poolclass=sa.NullPool,
        hide_parameters=True,
        connect_args={"connect_timeout": _CONNECT_WITHIN_S},
    )
    with translated(), engine.begin() as connection:
        yield connection


def _pending(connection: sa.Connection) -> Sequence[str]:
    directory, at = _directory(), _revision(connection)
    if at is not None and not directory.knows(at):
        log.info("the database is newer than this program", extra={"revision": at})
        return []
    steps = directory.iterate_revisions(_HEAD, at)
    return [Path(step.path).name for step in reversed(list(steps))]


def _revision(connection: sa.Connection) -> str | None:
    return _context(connection).get_current_revision()


def _context(connection: sa.Connection) -> MigrationContext:
    return MigrationContext.configure(connection, opts={"version_table": _TABLE, "fn": _steps})


def _steps(revision: str, _context: MigrationContext) -> object:
    return _directory().steps(revision)


def _directory() -> "_NumberedFiles":
    return _NumberedFiles(str(_FOLDER))


class _NumberedFiles(ScriptDirectory):
    """Revisions made from the SQL files, which have to be readable without Alembic too."""

    def _load_revisions(self) -> Iterator[Script]:
        previous = None
        for file in sorted(_FOLDER.glob("*.sql")):
            yield Script(_module(file, previous), file.stem, file)
            previous = file.stem

    def knows(self, revision: str) -> bool:
        """Whether there is a file of this name here."""
        return any(known.revision == revision for known in self.walk_revisions())

    def steps(self, revision: str) -> object:
        """What leads from a revision to the last one, as Alembic's own command has it."""
        return self._upgrade_revs(_HEAD, revision)


def _module(file: Path, previous: str | None) -> ModuleType:
    text = file.read_text("utf-8")

    def upgrade(run: Callable[[str], object]) -> None:
        run(text)

    module = ModuleType(file.stem, text.partition("\n")[0])
    vars(module).update(revision=file.stem, down_revision=previous, upgrade=upgrade)
    return module
