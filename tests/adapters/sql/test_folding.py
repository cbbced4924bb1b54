"""Folding what others, or older versions, have written down to be searched."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql import _folding
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._tables import storyboard_jobs, work
from storyloom.adapters.sql.job_index import SqlJobIndex
from storyloom.jobs.schemas import Job, JobStatus, Sought
from storyloom.kit.ids import JobId, new_job_id
from tests.contracts.test_run_store import NOON


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    url = f"sqlite+aiosqlite:///{tmp_path}/work.sqlite"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as opened:
        yield opened


async def written(database: AsyncEngine, file_name: str, searched: str | None = None) -> JobId:
    """A job as another program leaves it; with what is searched, as an older version has left it."""
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={"file_name": file_name},
        created_at=NOON,
    )
    async with database.begin() as connection:
        await connection.execute(sa.insert(storyboard_jobs), job.model_dump())
        if searched is not None:
            change = sa.update(work).where(work.c.id == job.id)
            await connection.execute(change.values(searched=searched, folded=False))
    return job.id


async def found(database: AsyncEngine, text: str) -> list[JobId]:
    page = await SqlJobIndex(database).page("acme", Sought(text=text), limit=9)
    return [job.id for job in page]


async def test_what_was_left_is_folded_some_rows_at_a_time(
    database: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_folding, "AT_ONCE", 2)
    ids = {await written(database, "İzmir.py", "İzmir.py") for _ in range(3)}
    await written(database, "plain.py", "plain.py")
    assert await found(database, "izmir") == []

    counts = [await _folding.fold_some(database) for _ in range(3)]

    assert counts == [2, 1, 0]
    assert set(await found(database, "IZMIR")) == ids


async def test_words_of_ascii_are_found_at_once_beside_other_letters(
    database: AsyncEngine,
) -> None:
    job = await written(database, "Über Payments.py")

    assert await found(database, "PAYMENTS") == [job]

    await _folding.fold_some(database)
    assert await found(database, "über payments") == [job]
