"""Workflows of executors that died go on elsewhere, by the private way and by the public one."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import psycopg
import pytest
from anyio import to_thread
from dbos import DBOS
from dbos import error as dbos_error
from pydantic import JsonValue

from storyloom.adapters.dbos import _steps
from storyloom.adapters.dbos._client import DbosQueueEngine, migrate_engine, open_queue_engine
from storyloom.adapters.dbos._runtime import Patience
from storyloom.adapters.dbos._steps import DbosSteps
from storyloom.adapters.dbos._worker import WorkerOptions, open_worker
from storyloom.adapters.dbos._workflows import Concurrency
from storyloom.adapters.dbos.takeover import DbosTakeover
from storyloom.adapters.sql._database import execute, open_database
from storyloom.errors import Unavailable
from storyloom.jobs.ports import RunState
from storyloom.jobs.schemas import Worker
from storyloom.kit.ids import JobId, new_job_id
from tests.contracts.test_engine import Ledger, until


class Fleet:
    """Workers of one database, one after the other: the library is a singleton."""

    def __init__(self, database_url: str) -> None:
        self._url = database_url

    @asynccontextmanager
    async def worker(
        self, name: str, ledger: Ledger, version: str = "1"
    ) -> AsyncGenerator[DbosQueueEngine]:
        worker = Worker(id=name, host="here", pid=1, version=version, queues=("ledgers",))
        options = WorkerOptions(self._url, worker, concurrency=Concurrency(2), patience=Patience(0))
        async with (
            open_database(self._url) as database,
            open_queue_engine(
                self._url, [ledger], poll_s=0.02, run=partial(execute, database)
            ) as engine,
            open_worker(options, [ledger]),
        ):
            yield engine

    async def leave_behind(self, name: str, version: str = "1") -> JobId:
        """A job that its worker has begun and not ended."""
        ledger, job_id = Ledger(), new_job_id()
        ledger.gate.clear()
        async with self.worker(name, ledger, version) as engine:
            await engine.start(job_id, "ledger")
            await until(lambda: ledger.runs["two"] == 1)
        return job_id


@pytest.fixture
async def fleet(postgres_url: str) -> Fleet:
    await to_thread.run_sync(migrate_engine, postgres_url)
    return Fleet(postgres_url)


def privately(_: pytest.MonkeyPatch) -> None:
    assert callable(getattr(DBOS, "_recover_pending_workflows"))  # noqa: B009 - it is private


def publicly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(DBOS, "_recover_pending_workflows")


@pytest.mark.parametrize("way", [privately, publicly])
async def test_another_goes_on_where_the_dead_one_was(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, way: Callable[[pytest.MonkeyPatch], None]
) -> None:
    ledger = Ledger()
    await fleet.leave_behind("dead")

    async with fleet.worker("living", ledger):
        way(monkeypatch)
        taken_up = await to_thread.run_sync(DbosTakeover("1").recover, ["dead"])
        async with asyncio.timeout(60):
            await ledger.ended.wait()

    assert taken_up == 1
    assert ledger.runs == {"two": 1, "three": 1, "end": 1}


@pytest.mark.parametrize("way", [privately, publicly])
async def test_what_nobody_left_is_not_taken_up(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch, way: Callable[[pytest.MonkeyPatch], None]
) -> None:
    job_id = await fleet.leave_behind("dead")

    async with fleet.worker("living", Ledger()) as engine:
        way(monkeypatch)
        taken_up = await to_thread.run_sync(DbosTakeover("1").recover, ["somebody else"])
        states = await engine.states([job_id])

    assert taken_up == 0
    assert states == {job_id: RunState.ACTIVE}


async def test_a_claim_whose_answer_was_lost_goes_back_to_its_queue(
    fleet: Fleet, postgres_url: str
) -> None:
    ledger, lost = Ledger(), new_job_id()
    ledger.gate.clear()
    async with fleet.worker("living", ledger) as engine:
        takeover = DbosTakeover("1")
        for _ in range(2):
            await engine.start(new_job_id(), "ledger")
        await until(lambda: ledger.runs["two"] == 2)
        await engine.start(lost, "ledger")
        await to_thread.run_sync(claim, postgres_url, lost, "living")

        holders = await to_thread.run_sync(takeover.holders)
        stranded = await to_thread.run_sync(takeover.stranded, "living")
        of_others = await to_thread.run_sync(takeover.stranded, "somebody else")
        requeued = await to_thread.run_sync(takeover.requeue, "living", list(stranded))
        ledger.gate.set()
        await until(lambda: ledger.runs["end"] == 3)

    assert holders == {"living"}
    assert set(stranded) == {lost}
    assert of_others == {}
    assert requeued == 1


async def test_who_was_stopped_before_a_step_does_not_run_it_for_another(
    fleet: Fleet, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a zombie: it wakes up between looking and doing, and the job is somebody else's by now."""
    ledger, job_id = Ledger(), new_job_id()
    ledger.gate.clear()
    async with fleet.worker("zombie", ledger) as engine:
        await engine.start(job_id, "ledger")
        await until(lambda: ledger.runs["two"] == 1)
        monkeypatch.setattr(_steps, "LONG_S", -1.0)
        ledger.gate.set()
        await until(lambda: ledger.runs["end"] == 1)
        again = new_job_id()
        ledger.gate.clear()
        await engine.start(again, "ledger")
        await until(lambda: ledger.runs["two"] == 2)
        monkeypatch.setattr(DbosSteps, "run", stolen_before(postgres_url, again, DbosSteps.run))
        ledger.gate.set()
        await asyncio.sleep(0.5)

    assert ledger.runs["three"] == 1
    assert ledger.runs["end"] == 1


def stolen_before(
    database_url: str, job_id: JobId, run: Callable[..., Coroutine[Any, Any, JsonValue]]
) -> Callable[..., Coroutine[Any, Any, JsonValue]]:
    """The same, when another has claimed the job in the meantime."""

    async def stolen(steps: DbosSteps, name: str, work: Any) -> JsonValue:
        await to_thread.run_sync(claim, database_url, job_id, "another")
        return await run(steps, name, work)

    return stolen


def claim(database_url: str, job_id: JobId, worker_id: str) -> None:
    """As a claim leaves it whose answer never came."""
    query = """
        UPDATE dbos.workflow_status SET status = 'PENDING', executor_id = %s,
        application_version = '1', owner_xid = 'lost' WHERE workflow_uuid = %s
    """
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(query, (worker_id, job_id))


async def test_jobs_of_a_version_that_is_gone_start_anew(fleet: Fleet) -> None:
    ledger = Ledger()
    job_id = await fleet.leave_behind("old", version="1")

    async with fleet.worker("new", ledger, version="2") as engine:
        renewed = await to_thread.run_sync(DbosTakeover("2").renew, {"2"})
        states = await engine.states([job_id])
        await engine.start(job_id, "ledger")
        async with asyncio.timeout(60):
            await ledger.ended.wait()

    assert renewed == 1
    assert states == {job_id: RunState.UNKNOWN}
    assert ledger.runs == {"one": 1, "two": 1, "three": 1, "end": 1}


async def test_jobs_of_a_version_that_lives_are_left_to_it(fleet: Fleet) -> None:
    job_id = await fleet.leave_behind("old", version="1")

    async with fleet.worker("new", Ledger(), version="2") as engine:
        renewed = await to_thread.run_sync(DbosTakeover("2").renew, {"1", "2"})
        states = await engine.states([job_id])

    assert renewed == 0
    assert states == {job_id: RunState.ACTIVE}


async def test_after_a_rollback_the_older_version_takes_new_jobs(fleet: Fleet) -> None:
    ledger = Ledger()
    async with fleet.worker("first", Ledger(), version="1"):
        pass
    async with fleet.worker("newer", Ledger(), version="2"):
        pass

    async with fleet.worker("rolled back", ledger, version="1") as engine:
        await to_thread.run_sync(DbosTakeover("1").renew, {"1"})
        await engine.start(new_job_id(), "ledger")
        async with asyncio.timeout(60):
            await ledger.ended.wait()

    assert ledger.runs["end"] == 1


async def test_a_database_that_is_away_is_unavailable(
    fleet: Fleet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_: list[str]) -> None:
        raise dbos_error.DBOSException("gone fishing")

    monkeypatch.setattr(DBOS, "_recover_pending_workflows", away)

    with pytest.raises(Unavailable, match="The engine did not answer"):
        await to_thread.run_sync(DbosTakeover("1").recover, ["dead"])
