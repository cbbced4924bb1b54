"""Opening a database, and saying its errors in our words."""

import inspect
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from storyloom.adapters.sql._database import open_database, translated
from storyloom.adapters.sql._tables import UtcTimestamp, storyboard_jobs
from storyloom.errors import Conflict, StoryloomError, Unavailable

FOREIGN = [
    cls
    for cls in vars(exc).values()
    if inspect.isclass(cls) and issubclass(cls, exc.SQLAlchemyError)
]
DOCUMENTED = {
    "id",
    "org_id",
    "job_type",
    "status",
    "input_params",
    "result_image",
    "understanding",
    "error_message",
    "execution_time_ms",
    "created_at",
    "completed_at",
}
INDEXES = {
    "idx_storyboard_jobs_org_id",
    "idx_storyboard_jobs_status",
    "idx_storyboard_jobs_created",
    "idx_storyboard_jobs_type",
    "idx_storyboard_jobs_org_status",
}


@pytest.mark.parametrize("kind", FOREIGN, ids=lambda kind: kind.__name__)
def test_no_foreign_error_leaks(kind: type[exc.SQLAlchemyError]) -> None:
    driver_fault = Exception("the driver's words")
    is_statement = issubclass(kind, exc.StatementError)
    fault = kind("", "SELECT secret", {}, driver_fault) if is_statement else kind.__new__(kind)

    with pytest.raises(StoryloomError) as translated_fault, translated():
        raise fault

    expected = Conflict if issubclass(kind, exc.IntegrityError) else Unavailable
    assert type(translated_fault.value) is expected
    assert "secret" not in translated_fault.value.message


async def test_the_table_is_the_documented_one(tmp_path: Path) -> None:
    async with (
        open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database,
        database.connect() as connection,
    ):
        columns, indexes = await connection.run_sync(_inspect)

    assert columns >= DOCUMENTED
    assert indexes >= INDEXES


def _inspect(connection: sa.Connection) -> tuple[set[str], set[str]]:
    inspector = sa.inspect(connection)
    columns = {column["name"] for column in inspector.get_columns("storyboard_jobs")}
    return columns, {str(index["name"]) for index in inspector.get_indexes("storyboard_jobs")}


async def test_sqlite_writes_ahead_and_to_the_disk(tmp_path: Path) -> None:
    async with (
        open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database,
        database.connect() as connection,
    ):
        mode = await connection.scalar(sa.text("PRAGMA journal_mode"))
        synchronous = await connection.scalar(sa.text("PRAGMA synchronous"))

    assert (mode, synchronous) == ("wal", 2)


async def test_a_file_that_is_no_database_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite").write_text("this is not a database, it is a poem" * 40)

    with pytest.raises(Unavailable, match="job archive"):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite"):
            pass


def test_times_are_written_in_utc() -> None:
    column = UtcTimestamp()
    at = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))

    written = column.process_bind_param(at, None)

    assert written == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert column.process_bind_param(None, None) is None


@pytest.mark.parametrize("read", [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)])  # noqa: DTZ001 - as SQLite gives it
def test_times_are_read_as_utc(read: datetime) -> None:
    assert UtcTimestamp().process_result_value(read, None) == datetime(2026, 1, 1, tzinfo=UTC)


def test_the_table_can_be_made_on_postgresql() -> None:
    statement = str(CreateTable(storyboard_jobs).compile(dialect=postgresql.dialect()))

    assert "id UUID" in statement
    assert "input_params JSONB" in statement
    assert "created_at TIMESTAMP WITH TIME ZONE" in statement
