"""Opening a database."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._types import UtcTimestamp
from storyloom.errors import StoryloomError, Unavailable

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


async def test_a_file_that_is_no_database_is_a_fault_that_lasts(tmp_path: Path) -> None:
    (tmp_path / "jobs.sqlite").write_text("this is not a database, it is a poem" * 40)

    with pytest.raises(
        StoryloomError, match=r"The job archive refuses it: .*not a database"
    ) as told:
        async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite"):
            pass

    assert not isinstance(told.value, Unavailable)  # nobody is to wait for it


def test_times_are_written_in_utc() -> None:
    column = UtcTimestamp()
    at = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))

    written = column.process_bind_param(at, None)

    assert written == datetime(2026, 1, 1, 10, tzinfo=UTC)
    assert column.process_bind_param(None, None) is None


@pytest.mark.parametrize("read", [datetime(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)])  # noqa: DTZ001 - as SQLite gives it
def test_times_are_read_as_utc(read: datetime) -> None:
    assert UtcTimestamp().process_result_value(read, None) == datetime(2026, 1, 1, tzinfo=UTC)


async def test_a_file_of_an_older_version_is_completed_and_rid_of_old_indexes(
    tmp_path: Path,
) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite"
    async with open_database(url) as database, database.begin() as connection:
        for statement in (
            "ALTER TABLE storyloom_model_calls DROP COLUMN scope",
            "DROP INDEX idx_storyboard_jobs_org_counted",
            "CREATE INDEX idx_storyboard_jobs_org_ended ON storyboard_jobs (org_id, completed_at)",
            "CREATE INDEX idx_of_an_operator ON storyboard_jobs (org_id, completed_at)",
        ):
            await connection.exec_driver_sql(statement)

    async with open_database(url) as database, database.connect() as connection:
        _, indexes = await connection.run_sync(_inspect)
        await connection.exec_driver_sql("SELECT scope FROM storyloom_model_calls")

    assert indexes >= {"idx_storyboard_jobs_org_counted", "idx_of_an_operator"}
    assert "idx_storyboard_jobs_org_ended" not in indexes
