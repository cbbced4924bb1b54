"""A worker takes what it has room for, from the queues that it listens to, until it stops."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from storyloom.adapters.sql._tables import metadata
from storyloom.adapters.sql.worker_registry import open_worker_registry
from storyloom.bootstrap.engine import engine_of
from storyloom.errors import Misconfigured
from storyloom.jobs.ports import QueueStatistics, RunState, Steps
from storyloom.jobs.schemas import Priority, WorkerSeen
from storyloom.kit.ids import JobId, new_job_id
from storyloom.settings import Settings
from tests.contracts.test_engine import Ledger, until


class Pictures(Ledger):
    name = "pictures"
    queue = "images-gpu"


@pytest.fixture
def database(postgres_url: str) -> str:
    with open_worker_registry(postgres_url) as registry:
        metadata.create_all(registry._engine)
    return postgres_url


def settings(tmp_path: Path, database: str, **chosen: Any) -> Settings:
    return Settings.load(
        data_dir=tmp_path, database_url=database, **{"concurrency": 2, "drain_s": 0} | chosen
    )


def registered(database: str) -> list[WorkerSeen]:
    with open_worker_registry(database) as registry:
        return list(registry.seen())


async def test_a_worker_takes_only_from_its_queues(tmp_path: Path, database: str) -> None:
    boards, pictures = Ledger(), Pictures()
    board, picture = new_job_id(), new_job_id()
    chosen = settings(tmp_path, database, queues="images-*, stories")

    async with engine_of(chosen, [boards, pictures], takes_jobs=True) as opened:
        seen = await asyncio.to_thread(registered, database)
        await opened.engine.start(board, "ledger")
        await opened.engine.start(picture, "pictures")
        async with asyncio.timeout(60):
            await pictures.ended.wait()
        await asyncio.sleep(0.3)
        states = await opened.engine.states([board])

    assert seen[0].worker.queues == ("images-gpu",)
    assert boards.runs == {}
    assert states == {board: RunState.ACTIVE}


async def test_a_queue_that_is_not_there_is_told(tmp_path: Path, database: str) -> None:
    chosen = settings(tmp_path, database, queues="movies")

    with pytest.raises(Misconfigured, match=r"No queue is called 'movies'\. There are: ledgers\."):
        async with engine_of(chosen, [Ledger()], takes_jobs=True):
            pytest.fail("it opened")


async def test_it_claims_no_more_than_it_has_room_for(tmp_path: Path, database: str) -> None:
    boards, pictures = Ledger(), Pictures()
    boards.gate.clear()
    pictures.gate.clear()

    async with engine_of(
        settings(tmp_path, database), [boards, pictures], takes_jobs=True
    ) as opened:
        for _ in range(4):
            await opened.engine.start(new_job_id(), "ledger")
        await until(lambda: boards.runs["two"] == 2)
        await opened.engine.start(new_job_id(), "pictures")
        await asyncio.sleep(0.3)
        assert isinstance(opened.engine, QueueStatistics)
        depths = {depth.name: depth for depth in await opened.engine.queues()}
        boards.gate.set()
        pictures.gate.set()
        await until(lambda: boards.runs["end"] == 4 and pictures.runs["end"] == 1)

    assert (depths["ledgers"].running, depths["ledgers"].waiting) == (2, 2)
    assert (depths["images-gpu"].running, depths["images-gpu"].waiting) == (0, 1)


async def test_a_stop_lets_running_jobs_end_and_takes_no_more(
    tmp_path: Path, database: str
) -> None:
    ledger, running, waiting = Ledger(), new_job_id(), new_job_id()
    ledger.gate.clear()
    chosen = settings(tmp_path, database, concurrency=1, drain_s=20)

    async with engine_of(chosen, [ledger], takes_jobs=True) as opened:
        await opened.engine.start(running, "ledger")
        await until(lambda: ledger.runs["two"] == 1)
        await opened.engine.start(waiting, "ledger")
        asyncio.get_running_loop().call_later(0.3, ledger.gate.set)

    async with engine_of(chosen, [ledger], takes_jobs=False) as opened:
        states = await opened.engine.states([running, waiting])
    assert ledger.runs == {"one": 1, "two": 1, "three": 1, "end": 1}
    assert states == {running: RunState.ENDED, waiting: RunState.ACTIVE}
    assert [seen.has_left for seen in await asyncio.to_thread(registered, database)] == [True]


async def test_who_is_hurried_leaves_jobs_to_others(tmp_path: Path, database: str) -> None:
    ledger = Ledger()
    ledger.gate.clear()
    chosen = settings(tmp_path, database, drain_s=60)

    async with asyncio.timeout(60):
        async with engine_of(chosen, [ledger], takes_jobs=True) as opened:
            await opened.engine.start(new_job_id(), "ledger")
            await until(lambda: ledger.runs["two"] == 1)
            opened.hurry()

    assert [seen.has_left for seen in await asyncio.to_thread(registered, database)] == [True]


async def test_nothing_of_a_paused_queue_is_taken_until_it_is_resumed(
    tmp_path: Path, database: str
) -> None:
    boards, pictures = Ledger(), Pictures()
    board, picture = new_job_id(), new_job_id()
    chosen = settings(tmp_path, database)

    async with engine_of(
        chosen, [boards, pictures], takes_jobs=True, resting={"ledgers"}
    ) as opened:
        await opened.engine.start(board, "ledger")
        await opened.engine.start(picture, "pictures")
        async with asyncio.timeout(60):
            await pictures.ended.wait()
        place = await opened.engine.ahead(board)
        opened.rest(())
        async with asyncio.timeout(60):
            await boards.ended.wait()
        gone = await opened.engine.ahead(board)

    assert (place, gone) == (0, None)


async def test_those_with_priority_are_taken_first(tmp_path: Path, database: str) -> None:
    order: list[JobId] = []

    class Noting(Ledger):
        async def run(self, job_id: JobId, steps: Steps) -> None:
            order.append(job_id)
            await super().run(job_id, steps)

    noting = Noting()
    names = {priority: new_job_id() for priority in (Priority.LOW, Priority.NORMAL, Priority.HIGH)}
    chosen = settings(tmp_path, database, concurrency=1)

    async with engine_of(chosen, [noting], takes_jobs=True, resting={"ledgers"}) as opened:
        for priority, job_id in names.items():
            await opened.engine.start(job_id, "ledger", priority)
        places = [await opened.engine.ahead(job_id) for job_id in names.values()]
        opened.rest(())
        await until(lambda: len(order) == 3)

    assert places == [2, 1, 0]
    assert order == list(names.values())[::-1]
