"""The four views: SQLite and PostgreSQL answer the same for the same jobs."""

from collections.abc import AsyncGenerator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import JobId

FAILURES = [
    "id",
    "org_id",
    "job_type",
    "created_at",
    "started_at",
    "completed_at",
    "execution_time_ms",
    "error_message",
    "input_params",
]
STATS = [
    "job_type",
    "total_jobs",
    "completed",
    "failed",
    "cancelled",
    "pending",
    "processing",
    "success_rate",
    "error_rate",
    "avg_execution_ms",
    "peak_concurrent_24h",
]
USAGE = [
    "org_id",
    "total_jobs",
    "successful_jobs",
    "failed_jobs",
    "jobs_last_24h",
    "jobs_last_7d",
]
RECENT = [
    "id",
    "org_id",
    "job_type",
    "status",
    "created_at",
    "started_at",
    "completed_at",
    "execution_time_ms",
    "error_message",
    "error_code",
]
NOW = SystemClock().now()


def make(number: int, status: JobStatus, **more: Any) -> Job:
    """A job that was made so many hours ago, began at once, and took a minute."""
    made = NOW - timedelta(hours=more.pop("hours", 1), seconds=more.pop("seconds", 0))
    fields = {
        "id": JobId(f"00000000-0000-4000-8000-{number:012}"),
        "org_id": "acme",
        "job_type": "code_to_storyboard",
        "status": status,
        "input_params": {"file_name": "a.py"},
        "created_at": made,
        "started_at": None if status is JobStatus.PENDING else made,
        "completed_at": made + timedelta(minutes=1) if status.is_terminal else None,
    }
    return Job.model_validate({**fields, **more})


JOBS = [
    make(1, JobStatus.COMPLETED, hours=2, execution_time_ms=1000),
    make(2, JobStatus.COMPLETED, hours=2, seconds=-30, execution_time_ms=2000),
    make(3, JobStatus.COMPLETED, hours=3, execution_time_ms=2001),
    make(4, JobStatus.FAILED, hours=30, execution_time_ms=90_000, error_message="Too dark"),
    make(5, JobStatus.FAILED, hours=24 * 8, job_type="roadmap_to_storyboard"),
    make(6, JobStatus.PENDING, hours=1, org_id="other"),
    make(7, JobStatus.PROCESSING, hours=1, seconds=1, org_id="other"),
    make(8, JobStatus.CANCELLED, hours=5, job_type="roadmap_to_storyboard"),
]


@pytest.fixture(params=["sqlite", "postgres"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    url = f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as opened:
        for job in JOBS:
            await SqlJobArchive(opened).add(job)
        yield opened


async def answer(database: AsyncEngine, query: str) -> Sequence[dict[str, Any]]:
    async with database.connect() as connection:
        found = await connection.execute(sa.text(query))
        return [dict(row) for row in found.mappings()]


def number_of(row: dict[str, Any]) -> int:
    return int(str(row["id"])[-12:])


async def test_recent_jobs_are_summaries_newest_first(database: AsyncEngine) -> None:
    found = await answer(database, "SELECT * FROM recent_storyboard_jobs LIMIT 3")

    assert list(found[0]) == RECENT
    assert [number_of(row) for row in found] == [6, 7, 2]


async def test_stats_answer_the_metrics_to_track(database: AsyncEngine) -> None:
    found = await answer(database, "SELECT * FROM storyboard_job_stats")

    assert list(found[0]) == STATS
    code, roadmap = ([row[name] for name in STATS[1:]] for row in found)
    assert [None if value is None else float(value) for value in code] == [
        *(6, 3, 1, 0, 1, 1),
        *(50.0, 16.67, 1667, 2),
    ]
    assert [None if value is None else float(value) for value in roadmap] == [
        *(2, 0, 1, 1, 0, 0),
        *(0.0, 50.0, None, 1),
    ]


async def test_usage_is_counted_by_organisation(database: AsyncEngine) -> None:
    found = await answer(database, "SELECT * FROM storyboard_org_usage WHERE org_id = 'acme'")

    assert [list(row.items()) for row in found] == [
        list(zip(USAGE, ("acme", 6, 3, 2, 4, 5), strict=True))
    ]


async def test_failures_are_shown_newest_first(database: AsyncEngine) -> None:
    found = await answer(database, "SELECT * FROM storyboard_failures LIMIT 10")

    assert list(found[0]) == FAILURES
    assert [number_of(row) for row in found] == [4, 5]
    assert found[0]["error_message"] == "Too dark"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_an_old_view_of_sqlite_is_replaced(database: AsyncEngine, tmp_path: Path) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text("DROP VIEW storyboard_org_usage"))
        await connection.execute(sa.text("CREATE VIEW storyboard_org_usage AS SELECT 1 AS one"))

    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as again:
        found = await answer(again, "SELECT * FROM storyboard_org_usage")

    assert list(found[0]) == USAGE


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_opening_sqlite_again_writes_nothing(database: AsyncEngine, tmp_path: Path) -> None:
    before = await answer(database, "PRAGMA schema_version")

    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite"):
        pass

    assert await answer(database, "PRAGMA schema_version") == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_new_index_reaches_an_old_file(database: AsyncEngine, tmp_path: Path) -> None:
    async with database.begin() as connection:
        await connection.execute(sa.text("DROP INDEX idx_storyboard_jobs_unfinished"))

    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as again:
        found = await answer(again, "SELECT name FROM sqlite_master WHERE type = 'index'")

    assert "idx_storyboard_jobs_unfinished" in {row["name"] for row in found}
