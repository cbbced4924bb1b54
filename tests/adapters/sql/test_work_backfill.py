"""What was there before there were narrow rows to search is found after an upgrade."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from pydantic import JsonValue
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql import _migrations
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._sqlite_triggers import TRIGGERS
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.job_index import SqlJobIndex
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.jobs.schemas import HANDLING, Handling, Job, JobStatus, Sought
from storyloom.kit.ids import new_job_id
from tests.contracts.test_export_index import export_of
from tests.contracts.test_run_store import NOON, run_of

WEB = Handling(labels={"team": "web"})
FILES = Path(_migrations.__file__).parent / "migrations"
LOOK = ("headline", "audience", "format")


async def _older(database: AsyncEngine) -> None:
    """Forget the table, as if there had never been one."""
    async with database.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE storyloom_work")


async def _without_looks(database: AsyncEngine) -> None:
    """Forget the columns, as if there had never been any, with the triggers that write them."""
    async with database.begin() as connection:
        if database.dialect.name == "sqlite":
            for trigger in TRIGGERS:
                await connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        for column in LOOK:
            await connection.exec_driver_sql(f"ALTER TABLE storyloom_work DROP COLUMN {column}")


async def _found(database: AsyncEngine, text: str) -> list[str]:
    sought = Sought(text=text)
    boards = await SqlJobIndex(database).page("acme", sought, limit=9)
    store = SqlRunStore(database)
    runs = await store.seek("acme", sought, limit=9)
    exports = await store.seek_exports("acme", sought, limit=9)
    return [*(one.id for one in boards), *(one.id for one in runs), *(one.id for one in exports)]


def _apply(url: str, *files: str) -> None:
    """SQLite brings itself up to date when it is opened."""
    if not url.startswith("sqlite"):
        with psycopg.connect(url, autocommit=True) as connection:
            for file in files:
                connection.execute((FILES / file).read_bytes())


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return request.getfixturevalue("postgres_up_to_date")
    return f"sqlite+aiosqlite:///{tmp_path}/work.sqlite"


async def test_older_work_is_found_after_an_upgrade(url: str) -> None:
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={"file_name": "Boat.py", HANDLING: WEB.model_dump(mode="json")},
        created_at=NOON,
    )
    run = run_of(handling=WEB)
    async with open_database(url) as database:
        await SqlJobArchive(database).add(job)
        await SqlRunStore(database).add(run)
        exports = (export_of(run, 1, 1),)
        await SqlRunStore(database).change(
            run.id, lambda kept: kept.model_copy(update={"exports": exports})
        )
        (export,) = await SqlRunStore(database).seek_exports("acme", Sought(), limit=9)
        await _older(database)
    _apply(url, "016_work.sql", "019_folded.sql", "020_looks.sql", "021_ascii_folded.sql")

    async with open_database(url) as database:
        assert await _found(database, "team=web") == [job.id, run.id]
        assert await _found(database, "boat.PY") == [job.id]
        assert await _found(database, "1.edl") == [export.id]
        assert await _found(database, run.id) == [run.id]


async def test_work_has_its_look_from_an_upgrade_on(url: str) -> None:
    params: dict[str, JsonValue] = {"custom_headline": "Mine", "audience": "c_suite"}
    older = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={**params, "format": "square"},
        created_at=NOON,
    )
    later = older.model_copy(update={"id": new_job_id(), "created_at": NOON + timedelta(minutes=1)})
    async with open_database(url) as database:
        await SqlJobArchive(database).add(older)
        await _without_looks(database)
    _apply(url, "020_looks.sql")

    async with open_database(url) as database:
        await SqlJobArchive(database).add(later)
        found = await SqlJobIndex(database).page("acme", Sought(), limit=9)

    looks = [(one.headline, one.audience, one.format) for one in found]
    assert looks == [("Mine", "c_suite", "square"), (None, None, None)]
