"""An older SQLite learns what DBOS asks of it."""

import time
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from storyloom.adapters.dbos import engine as module
from storyloom.adapters.dbos._runtime import Patience
from storyloom.adapters.dbos._sqlite import engine_for
from storyloom.adapters.dbos.engine import EngineOptions, open_engine
from storyloom.kit.ids import new_job_id
from tests.contracts.test_engine import Ledger


def test_the_missing_function_tells_the_time_in_fractions(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path}/e.sqlite", has_subseconds=False)
    assert engine is not None
    with engine.connect() as connection:
        told = connection.scalar(sa.text("SELECT unixepoch('subsec')"))
    engine.dispose()

    assert isinstance(told, float)
    assert abs(told - time.time_ns() / 1e9) < 60


@pytest.mark.parametrize(
    ("url", "has_subseconds"), [("sqlite:///x", True), ("postgresql://x", False)]
)
def test_elsewhere_the_library_opens_its_own(url: str, *, has_subseconds: bool) -> None:
    assert engine_for(url, has_subseconds=has_subseconds) is None


@pytest.mark.parametrize("has_subseconds", [True, False])
async def test_a_job_runs_on_an_older_sqlite_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, has_subseconds: bool
) -> None:
    if not has_subseconds:
        monkeypatch.setattr(module, "engine_for", partial(engine_for, has_subseconds=False))
    ledger = Ledger()
    options = EngineOptions(f"sqlite:///{tmp_path}/e.sqlite", "one", patience=Patience(0))

    async with open_engine(options, [ledger]) as engine:
        await engine.start(new_job_id(), "ledger")
        await ledger.ended.wait()

    assert ledger.runs["end"] == 1
