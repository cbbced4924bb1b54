"""What is particular to runs in an SQL database."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._tables import runs
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.naming import first_job
from storyloom.automation.runs.schemas import Run
from storyloom.kit.ids import new_job_id

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def run_of(minutes: int) -> Run:
    run_id = new_job_id()
    return Run(
        id=run_id,
        job=first_job(run_id),
        org_id="acme",
        session_timestamp=1,
        config=RunConfig(),
        created_at=NOON + timedelta(minutes=minutes),
    )


async def test_a_run_that_cannot_be_read_stands_in_no_others_way(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/runs.sqlite") as database:
        store = SqlRunStore(database)
        old, new = await store.add(run_of(0)), await store.add(run_of(1))
        # A newer version knows more of what can be waited for.
        body = old.model_dump_json(by_alias=True).replace('"idle"', '"rehearsing"')
        async with database.begin() as connection:
            await connection.execute(sa.update(runs).where(runs.c.id == old.id).values(body=body))

        assert list(await store.page("acme", limit=9, before=None)) == [new]
        assert list(await store.unfinished(created_before=NOON + timedelta(days=1), limit=9)) == [
            new
        ]
        assert await store.get(old.id) is None

    told = caplog.records[0]
    assert old.id in told.__dict__["row"]
    assert told.__dict__["where"] == ("stage",)
