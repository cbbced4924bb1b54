"""A run of one command: its own folder, and what it shares with a server here."""

from pathlib import Path
from typing import Any

import pytest

from storyloom.bootstrap.database import database_file
from storyloom.bootstrap.lock import FolderInUse
from storyloom.bootstrap.solo import open_solo
from storyloom.errors import Misconfigured
from storyloom.jobs.ports import Engine
from storyloom.kit.ids import new_job_id
from storyloom.settings import Settings

# Folders are locked and made in the loop: nobody else is served by it.
pytestmark = pytest.mark.usefixtures("blocking_calls_allowed")
MODEL = {"language_model": "ollama:any"}


def settings(tmp_path: Path, **more: Any) -> Settings:
    return Settings.load(data_dir=tmp_path / "data", **more)


async def test_it_keeps_to_its_folder_and_alone(tmp_path: Path) -> None:
    folder, heard = tmp_path / "story", list[str]()

    async with open_solo(settings(tmp_path), folder, heard.append) as solo:
        assert await solo.office.runs.newest("default", limit=1, before=None) == []
        with pytest.raises(FolderInUse, match="another `storyloom story`"):
            async with open_solo(settings(tmp_path), folder, heard.append):
                pass

    assert database_file(folder).exists()
    assert not (tmp_path / "data").exists()
    assert heard == []


async def test_what_it_spends_is_written_down_where_a_server_looks(tmp_path: Path) -> None:
    chosen = settings(tmp_path, **MODEL)

    async with open_solo(chosen, tmp_path / "story", print):
        pass

    assert database_file(chosen.data_dir).exists()


async def test_where_nothing_can_be_shared_it_says_so_unless_there_is_a_budget(
    tmp_path: Path,
) -> None:
    (tmp_path / "data").write_bytes(b"a file")
    heard: list[str] = []

    async with open_solo(settings(tmp_path, **MODEL), tmp_path / "story", heard.append):
        pass
    with pytest.raises(Misconfigured, match="budget"):
        async with open_solo(
            settings(tmp_path, **MODEL, budget_per_org_day_usd=1), tmp_path / "other", heard.append
        ):
            pass

    (said,) = heard
    assert "Nothing can be kept in" in said


async def test_its_engine_starts_nothing(tmp_path: Path) -> None:
    async with open_solo(settings(tmp_path), tmp_path / "story", print) as solo:
        engine: Engine = solo.office.runs._engine
        name = new_job_id()
        await engine.start(name, "story_run")
        await engine.forget([name])
        await engine.ping()

        assert await engine.states([name]) == {}
