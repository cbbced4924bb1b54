import os
from pathlib import Path

import pytest

from storyloom.bootstrap import parts
from storyloom.bootstrap.lock import exclusive, holder_of
from storyloom.cli import doctor
from storyloom.errors import Misconfigured
from tests.cli.conftest import Run, json_of


@pytest.fixture(autouse=True)
def _no_blocking_calls() -> None:
    """Services are opened in the event loop, and that reads files: nobody is served yet."""


def test_all_is_well_on_a_laptop_with_nothing_set_up(run: Run) -> None:
    result = run("doctor", "--json")

    found = json_of(result)
    assert result.exit_code == 0
    assert found["ok"] is True
    assert {"data directory", "archive", "engine", "images", "renderer"} <= set(found["checks"])
    assert found["settings"]["port"] == "8000"
    assert found["scripts"][0]["name"] == "Latin"
    assert found["scripts"][0]["covered"] is True


def test_it_is_told_for_people_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_SYSTEM_FONTS", "false")

    result = run("doctor")

    assert result.exit_code == 0
    assert "apt install fonts-noto-cjk" in result.stdout
    assert "vector scenes" in result.stdout


def test_a_folder_in_use_is_no_fault_and_is_not_disturbed(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "busy"
    with exclusive(folder, holder="the server at http://127.0.0.1:8000"):
        found = json_of(run("doctor", "--data-dir", str(folder), "--json"))

        assert found["data_dir"]["used_by"] == (
            f"the server at http://127.0.0.1:8000 (process {os.getpid()})"
        )
    assert found["ok"] is True


def test_the_archive_that_is_there_is_read(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "spoilt"
    folder.mkdir()
    (folder / "storyloom.sqlite").write_text("this is no database, however long it may be" * 30)

    result = run("doctor", "--data-dir", str(folder), "--json")

    assert result.exit_code == 6
    assert "not a database" in json_of(result)["checks"]["jobs kept so far"]


def test_the_archive_of_a_server_is_pinged(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "used"
    folder.mkdir()
    (folder / "storyloom.sqlite").touch()

    assert (
        json_of(run("doctor", "--data-dir", str(folder), "--json"))["checks"]["jobs kept so far"]
        == "ok"
    )


def test_a_folder_that_cannot_be_written_is_a_fault(run: Run, source: Path) -> None:
    result = run("doctor", "--data-dir", f"{source}/below")

    assert result.exit_code == 6
    assert "cannot be written" in result.stdout


def test_what_does_not_start_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Misconfigured("The engine is away.")

    monkeypatch.setattr(doctor, "open_services", refuse)

    result = run("doctor", "--json")

    assert result.exit_code == 6
    assert json_of(result)["checks"]["start"] == "The engine is away."


async def test_absent_ocr_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await parts.text_reader_fault() is None

    monkeypatch.setattr("storyloom.adapters.rapidocr.text_reader.PACKAGES", ("not_installed",))

    assert "pip install 'storyloom[ocr]'" in (await parts.text_reader_fault() or "")


def test_a_note_of_a_killed_server_does_not_count(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None

    (tmp_path / "server.json").write_text('{"holder": "a ghost", "pid": 1}')

    assert holder_of(tmp_path) is None
