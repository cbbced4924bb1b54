"""A server forgets old jobs when it is told how old, and only then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.memory.run_store import MemoryRunStore
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.adapters.sql.ledger import SqlLedger
from storyloom.adapters.sql.run_store import SqlRunStore
from storyloom.automation.runs.config import RunConfig
from storyloom.automation.runs.schemas import Run
from storyloom.bootstrap import retention as module
from storyloom.bootstrap.images import images_of
from storyloom.bootstrap.retention import RunsOfStories, forget_old
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import SystemClock
from storyloom.kit.ids import JobId, new_job_id
from storyloom.settings import Settings
from storyloom.storyboard.retention import Retention

LATER = datetime(2026, 1, 2, tzinfo=UTC)


class NotedRecords:
    """An engine that notes what it is told to forget."""

    def __init__(self) -> None:
        self.forgotten: list[JobId] = []
        self.told = anyio.Event()

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        self.forgotten += job_ids
        self.told.set()


class AtOnce(Retention):
    """One that does not wait for the start to be over."""

    async def run_forever(self, every_s: float = 60.0, *, after_s: float = 0.0) -> None:
        await super().run_forever(every_s, after_s=after_s)


async def _old_job(archive: SqlJobArchive) -> JobId:
    then = SystemClock().now() - timedelta(days=40)
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={},
        created_at=then,
    )
    await archive.add(job)
    end = Outcome(status=JobStatus.FAILED, completed_at=then, execution_time_ms=1)
    await archive.finish(job.id, end)
    return job.id


def _parts(database: AsyncEngine) -> dict[str, Any]:
    return {
        "calls": SqlLedger(database),
        "runs": SqlRunStore(database),
        "dated": [SqlEventLog(database)],
    }


async def test_old_jobs_are_forgotten_while_it_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "Retention", AtOnce)
    settings = Settings(data_dir=tmp_path, keep_days=30)
    records = NotedRecords()
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        archive = SqlJobArchive(database)
        old = await _old_job(archive)

        async with anyio.create_task_group() as tasks:
            kept = (archive, records, images_of(settings))
            parts = _parts(database)
            tasks.start_soon(partial(forget_old, settings, *kept, **parts))
            with anyio.fail_after(60):
                await records.told.wait()
            tasks.cancel_scope.cancel()

        assert await archive.get(old) is None
    assert records.forgotten == [old]


async def test_nothing_is_forgotten_unless_told(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    records = NotedRecords()
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        archive = SqlJobArchive(database)
        old = await _old_job(archive)

        kept = (archive, records, images_of(settings))
        await forget_old(settings, *kept, **_parts(database))

        assert await archive.get(old) is not None


async def test_a_run_is_known_to_the_engine_by_the_jobs_of_all_its_passes() -> None:
    store, at = MemoryRunStore(), datetime(2026, 1, 1, tzinfo=UTC)
    name, other = new_job_id(), new_job_id()
    first = Run(
        id=name,
        job=JobId(f"{name}-3"),
        org_id="acme",
        session_timestamp=1,
        config=RunConfig(),
        status=JobStatus.COMPLETED,
        created_at=at,
        completed_at=at,
    )
    await store.add(first)
    await store.add(first.model_copy(update={"id": other, "job": other, "completed_at": LATER}))
    runs = RunsOfStories(store)

    assert await runs.oldest() == at
    assert await runs.ended(before=LATER) == 1
    assert await runs.forget(ended_before=LATER + timedelta(1), limit=9) == [
        [name, f"{name}-2", f"{name}-3"],
        [other],
    ]
    assert await runs.oldest() is None
