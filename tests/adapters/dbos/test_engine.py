"""Traps of DBOS that the engine answers."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from storyloom.adapters.dbos._runtime import Patience
from storyloom.adapters.dbos._steps import HomeLoop, JsonSerializer
from storyloom.adapters.dbos.engine import EngineOptions, open_engine
from storyloom.errors import Unavailable
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.ports import RunState
from storyloom.kit.ids import new_job_id
from tests.contracts.test_engine import Ledger


async def test_the_loops_default_threads_work_after_closing(tmp_path: Path) -> None:
    ledger = Ledger()
    options = EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0))
    async with open_engine(options, [ledger]) as engine:
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()

    assert await asyncio.to_thread(lambda: 7) == 7


async def test_work_on_another_loop_is_brought_home() -> None:
    home = HomeLoop()
    loop = asyncio.get_running_loop()

    async def where() -> asyncio.AbstractEventLoop:
        return asyncio.get_running_loop()

    def elsewhere() -> asyncio.AbstractEventLoop:
        return asyncio.run(home.run(where()))

    assert await asyncio.to_thread(elsewhere) is loop
    assert await home.run(where()) is loop


def test_a_home_that_has_closed_is_not_called() -> None:
    async def leave() -> HomeLoop:
        return HomeLoop()

    home = asyncio.run(leave())
    called: list[int] = []

    home.call(lambda: called.append(1))

    assert called == []


@pytest.mark.parametrize("value", [None, True, 3, "ünï 🚀", [1, {"a": None}], {"b": [2.5]}])
def test_values_are_kept_as_json(value: object) -> None:
    serializer = JsonSerializer()

    assert serializer.deserialize(serializer.serialize(value)) == value
    assert serializer.name() == "storyloom_json"


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(TypeError):
        JsonSerializer().serialize(object())


async def test_a_database_that_is_away_is_unavailable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dbos import DBOS  # noqa: PLC0415 - only here may the vendor's name appear

    async def away(*_: object, **__: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("disk I/O error"))

    ledger = Ledger()
    options = EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0))
    async with open_engine(options, [ledger]) as engine:
        monkeypatch.setattr(DBOS, "start_workflow_async", away)
        monkeypatch.setattr(DBOS, "list_workflows_async", away)

        with pytest.raises(Unavailable, match="disk I/O error"):
            await engine.start(new_job_id(), "ledger")
        with pytest.raises(Unavailable, match="did not answer"):
            await engine.ping()


async def test_a_step_that_passes_on_a_failure_keeps_its_code(tmp_path: Path) -> None:
    ledger = Ledger()
    ledger.faulty = StepFailed("The model refuses.", failure_code="rejected")
    options = EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0))

    async with open_engine(options, [ledger]) as engine:
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()

    assert ledger.error is not None
    assert ledger.error.failure_code == "rejected"


async def test_what_an_older_version_began_can_be_started_anew(tmp_path: Path) -> None:
    first, second, job_id = Ledger(), Ledger(), new_job_id()
    first.gate.clear()
    url = f"sqlite:///{tmp_path}/e.sqlite"
    async with open_engine(EngineOptions(url, "one", patience=Patience(0)), [first]) as engine:
        await engine.start(job_id, "ledger")
        async with asyncio.timeout(60):
            while not first.runs["two"]:  # noqa: ASYNC110 - the ledger sends no event for it
                await asyncio.sleep(0.01)

    newer = EngineOptions(url, "one", patience=Patience(0), version="later")
    async with open_engine(newer, [second]) as engine:
        known = await engine.states([job_id])
        await engine.start(job_id, "ledger")
        async with asyncio.timeout(60):
            await second.ended.wait()

    assert known == {job_id: RunState.UNKNOWN}
    assert second.runs == {"one": 1, "two": 1, "three": 1, "end": 1}
