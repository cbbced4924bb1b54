"""What an operator has to know of a database; nothing in it is changed."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import sqlalchemy as sa
from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storyloom.adapters.sql._database import reading
from storyloom.adapters.sql._tables import api_keys, storyboard_jobs
from storyloom.kit.findings import Finding, error, warning, well

TABLES, ARCHIVE = "tables", "archive"
WITHIN_S = 2.0
_MIGRATIONS = Path(__file__).parent / "migrations"
_SERVER = sa.text("""
    SELECT now() AS now,
           pg_is_in_recovery() AS is_standby,
           current_setting('default_transaction_read_only') = 'on' AS is_read_only
""")
_TABLES = sa.text("""
    SELECT to_regclass('storyloom_migrations') IS NOT NULL AS is_numbered,
           to_regclass('storyboard_jobs') IS NOT NULL AS is_there,
           has_schema_privilege(current_schema(), 'CREATE') AS may_create
""")
# Row level security hides rows without a word, so it has to be asked for.
_RIGHTS = sa.text("""
    SELECT current_user AS role,
           (SELECT bool_and(has_table_privilege(to_regclass('storyboard_jobs'), name))
            FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS name) AS may_all,
           row_security_active(to_regclass('storyboard_jobs')) AND NOT EXISTS (
               SELECT FROM pg_policies, unnest(roles) AS let_in
               WHERE tablename = 'storyboard_jobs' AND schemaname = current_schema()
                   AND (let_in = 'public' OR pg_has_role(let_in, 'USAGE'))
           ) AS is_hidden
""")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Server:
    """What a PostgreSQL says of itself."""

    now: datetime
    is_standby: bool  #: it repeats what another one writes
    is_read_only: bool  #: it refuses writes, as Supabase lets it do when its disk is full


async def server_of(engine: AsyncEngine) -> Server:
    """What PostgreSQL says of itself; raises `Unavailable`."""
    async with reading(engine, WITHIN_S) as connection:
        return Server(**(await connection.execute(_SERVER)).mappings().one())


async def look_at_tables(engine: AsyncEngine, *, migrates: bool) -> Sequence[Finding]:
    """Whether the tables are there and up to date; raises `Unavailable`."""
    async with reading(engine, WITHIN_S) as connection:
        tables = (await connection.execute(_TABLES)).mappings().one()
        query = sa.text("SELECT max(version_num) FROM storyloom_migrations")
        applied = await connection.scalar(query) if tables["is_numbered"] else None
    missing = await to_thread.run_sync(_files_after, applied or "")
    if missing:
        return [_behind(missing, may_create=tables["may_create"], migrates=migrates)]
    if not tables["is_there"]:
        return [
            error(
                TABLES,
                "The table storyboard_jobs is missing, though the migrations have been applied.",
                "Run sql/002_storyboard_jobs.sql and the files after it again: they may be repeated.",
            )
        ]
    return [well(TABLES, "The tables of PostgreSQL are up to date.")]


async def look_at_rights(engine: AsyncEngine) -> Sequence[Finding]:
    """Whether the table of jobs, if it is there, is ours to use; raises `Unavailable`."""
    async with reading(engine, WITHIN_S) as connection:
        rights = (await connection.execute(_RIGHTS)).mappings().one()
    role = rights["role"]
    if rights["may_all"] is None:
        return []
    if not rights["may_all"]:
        return [
            error(
                ARCHIVE,
                f"The role {role} may not read and write the table storyboard_jobs.",
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON storyboard_jobs TO {role}; as its owner.",
            )
        ]
    if rights["is_hidden"]:
        return [
            error(
                ARCHIVE,
                f"Row level security hides all jobs from the role {role}.",
                f"Connect as the owner of the tables, or: ALTER ROLE {role} BYPASSRLS;",
            )
        ]
    return [well(ARCHIVE, "The archive can be read and written.")]


async def in_sync(engine: AsyncEngine, ask: Callable[[sa.Engine], T]) -> T:
    """Let what is written for a blocking engine ask through ours, which hangs up in time."""
    async with reading(engine, WITHIN_S) as connection:
        return await connection.run_sync(lambda _: ask(engine.sync_engine))


@asynccontextmanager
async def reading_file(file: Path) -> AsyncGenerator[AsyncEngine]:
    """The SQLite file of a server that may be running: it is not even brought up to date."""
    url = sa.URL.create(
        "sqlite+aiosqlite",
        database=f"file:{quote(file.as_posix())}",
        query={"mode": "ro", "uri": "true"},
    )
    engine = create_async_engine(url)
    try:
        yield engine
    finally:
        await engine.dispose()


async def has_jobs(engine: AsyncEngine) -> bool:
    """Whether an SQLite file has the table of jobs; raises `Unavailable`."""
    return await _has(engine, storyboard_jobs)


async def has_keys(engine: AsyncEngine) -> bool:
    """Whether an SQLite file has the table of keys; raises `Unavailable`."""
    return await _has(engine, api_keys)


async def _has(engine: AsyncEngine, table: sa.Table) -> bool:
    async with reading(engine) as connection:
        names = await connection.run_sync(lambda sync: sa.inspect(sync).get_table_names())
    return table.name in names


def _behind(missing: Sequence[str], *, may_create: bool, migrates: bool) -> Finding:
    says = f"The database lacks {', '.join(missing)}."
    if not may_create:
        return error(
            TABLES,
            f"{says} The user of DATABASE_URL may not make tables.",
            "Let their owner run `storyloom migrate`, or what `storyloom migrate --sql` prints.",
        )
    if migrates:
        return warning(
            TABLES, says, "The next start applies them; `storyloom migrate` does it now."
        )
    return error(TABLES, says, "Run `storyloom migrate`.")


def _files_after(applied: str) -> Sequence[str]:
    return [file.name for file in sorted(_MIGRATIONS.glob("*.sql")) if file.stem > applied]
