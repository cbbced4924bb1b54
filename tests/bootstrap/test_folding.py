"""Folding what was left, for as long as a process lives."""

import logging
from functools import partial
from pathlib import Path

import anyio
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._tables import work
from storyloom.bootstrap.folding import fold_forever
from storyloom.kit.ids import new_job_id
from tests.contracts.test_run_store import NOON
from tests.webhooks.test_delivering import eventually


async def test_what_is_left_is_folded_also_after_the_database_was_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    row: dict[str, object] = {
        "id": new_job_id(),
        "org_id": "acme",
        "kept_in": "storyloom_runs",
        "created_at": NOON,
        "title": "İzmir",
        "labels": {},
        "searched": "İzmir",
    }
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/a.sqlite") as database:
        async with database.begin() as connection:
            await connection.execute(sa.insert(work), row)
            await connection.exec_driver_sql("ALTER TABLE storyloom_work RENAME TO away")
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(fold_forever, database, 0.01)
            await eventually(partial(_is_told, caplog))
            async with database.begin() as connection:
                await connection.exec_driver_sql("ALTER TABLE away RENAME TO storyloom_work")
            await eventually(partial(_is_folded, database))
            tasks.cancel_scope.cancel()


async def _is_folded(database: AsyncEngine) -> bool:
    async with database.connect() as connection:
        return (await connection.execute(sa.select(work.c.searched))).scalar_one() == "izmir"


async def _is_told(caplog: pytest.LogCaptureFixture) -> bool:
    return "what is searched cannot be folded" in caplog.messages
