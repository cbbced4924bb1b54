"""A restart is taken up at once, and an idle engine idles."""

from pathlib import Path

import anyio
import pytest
from dbos._dbos import _get_dbos_instance
from sqlalchemy.exc import OperationalError

from storyloom.adapters.dbos import _idle
from storyloom.adapters.dbos._runtime import Patience
from storyloom.adapters.dbos.engine import EngineOptions, open_engine
from storyloom.kit.ids import new_job_id
from tests.contracts.test_engine import Ledger


def pace() -> float:
    return _get_dbos_instance()._registry.get_internal_queue()._polling_interval_sec


async def test_an_engine_without_leftovers_idles_at_once(tmp_path: Path) -> None:
    async with open_engine(
        EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0)), []
    ):
        with anyio.fail_after(_idle.CALM_AFTER_S / 2):
            while pace() != _idle.IDLE_POLL_S:  # noqa: ASYNC110 - the library sends no event
                await anyio.sleep(0.01)


async def test_a_restart_is_taken_up_before_the_queue_is_calm(tmp_path: Path) -> None:
    options = EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0))
    first, second = Ledger(), Ledger()
    first.gate.clear()
    async with open_engine(options, [first]) as engine:
        await engine.start(new_job_id(), "ledger")
        with anyio.fail_after(60):
            while not first.runs["two"]:  # noqa: ASYNC110 - as above
                await anyio.sleep(0.01)

    async with open_engine(options, [second]):
        with anyio.fail_after(_idle.CALM_AFTER_S):
            await second.ended.wait()

    assert second.runs["two"] == 1


async def test_a_queue_that_is_not_empty_is_polled_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_idle, "CALM_AFTER_S", 0.0)
    monkeypatch.setattr(_idle, "RECOVERY_POLL_S", 0.01)
    waiting = [["left over"], ["left over"], ["left over"], list[str]()]

    async def listed(**_: object) -> list[str]:
        return waiting.pop(0)

    monkeypatch.setattr(_idle.DBOS, "list_workflows_async", listed)
    async with open_engine(
        EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0)), []
    ):
        with anyio.fail_after(60):
            while pace() != _idle.IDLE_POLL_S:  # noqa: ASYNC110 - as above
                await anyio.sleep(0.01)

    assert waiting == []


async def test_a_database_that_is_away_for_a_moment_stops_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(**_: object) -> list[str]:
        raise OperationalError("SELECT 1", {}, Exception("disk I/O error"))

    monkeypatch.setattr(_idle.DBOS, "list_workflows_async", away)
    async with open_engine(
        EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0)), []
    ):
        with anyio.fail_after(60):
            while pace() != _idle.IDLE_POLL_S:  # noqa: ASYNC110 - as above
                await anyio.sleep(0.01)
