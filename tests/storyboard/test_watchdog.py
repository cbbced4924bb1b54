"""Jobs that make no progress are named, once."""

import logging
from collections.abc import AsyncGenerator
from datetime import datetime
from pathlib import Path

import anyio
import pytest

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.job_archive import SqlJobArchive
from storyloom.errors import Unavailable
from storyloom.jobs.meter import Meter
from storyloom.jobs.schemas import Job, JobStatus, JobSummary
from storyloom.kit.clock import ManualClock
from storyloom.kit.ids import new_job_id
from storyloom.storyboard.watchdog import WAITS_TOO_LONG_S, Watchdog


@pytest.fixture
async def archive(tmp_path: Path) -> AsyncGenerator[SqlJobArchive]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        yield SqlJobArchive(database)


@pytest.fixture
def meter() -> Meter:
    return Meter()


@pytest.fixture
def watchdog(archive: SqlJobArchive, clock: ManualClock, meter: Meter) -> Watchdog:
    return Watchdog(archive, clock=clock, job_timeout_s=120, meter=meter)


async def kept(archive: SqlJobArchive, clock: ManualClock, *, begun: bool) -> Job:
    job = Job(
        id=new_job_id(),
        org_id="acme",
        job_type="code_to_storyboard",
        status=JobStatus.PENDING,
        input_params={},
        created_at=clock.now(),
    )
    await archive.add(job)
    if begun:
        await archive.begin(job.id, clock.now())
    return job


async def test_a_job_that_runs_too_long_is_named_once(
    archive: SqlJobArchive,
    clock: ManualClock,
    meter: Meter,
    caplog: pytest.LogCaptureFixture,
) -> None:
    watchdog = Watchdog(archive, clock=clock, job_timeout_s=120, meter=meter)
    caplog.set_level(logging.WARNING)
    job = await kept(archive, clock, begun=True)
    clock.advance(240)
    in_time = await watchdog.run_once()
    clock.advance(1)

    overdue = [job.id for job in await watchdog.run_once()]
    await watchdog.run_once()

    assert in_time == []
    assert overdue == [job.id]
    assert caplog.text.count("a job runs and makes no progress") == 1
    assert meter.stuck == 1


async def test_a_job_that_nobody_takes_up_is_named(
    archive: SqlJobArchive,
    clock: ManualClock,
    watchdog: Watchdog,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    await kept(archive, clock, begun=False)
    clock.advance(WAITS_TOO_LONG_S)
    in_time = await watchdog.run_once()
    clock.advance(1)

    assert in_time == []
    assert len(await watchdog.run_once()) == 1
    assert "a job waits and no worker takes it up" in caplog.text


async def test_what_has_moved_on_is_forgotten(
    archive: SqlJobArchive, clock: ManualClock, watchdog: Watchdog, meter: Meter
) -> None:
    job = await kept(archive, clock, begun=False)
    clock.advance(WAITS_TOO_LONG_S + 1)
    await watchdog.run_once()
    await archive.begin(job.id, clock.now())

    assert await watchdog.run_once() == []
    assert meter.stuck == 0


async def test_it_goes_on_when_the_archive_was_away(
    archive: SqlJobArchive, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    again = anyio.Event()

    async def unfinished(*, created_before: datetime, limit: int) -> list[JobSummary]:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise Unavailable("gone fishing")
        again.set()
        return []

    monkeypatch.setattr(archive, "unfinished", unfinished)
    watchdog = Watchdog(archive, clock=clock, job_timeout_s=120, meter=Meter())

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(watchdog.run_forever, 0.001)
        with anyio.fail_after(60):
            await again.wait()
        tasks.cancel_scope.cancel()

    assert looks >= 2
