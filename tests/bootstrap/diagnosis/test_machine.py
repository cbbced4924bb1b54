"""What is said of this machine and of what is set."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from storyloom.bootstrap.diagnosis import machine
from storyloom.bootstrap.diagnosis.machine import look_at_films, look_at_folder, look_at_settings
from storyloom.kit.findings import Absent, Verdict
from storyloom.settings import Settings
from tests.ffmpeg import stand_in


class Usage(NamedTuple):
    """What `shutil.disk_usage` gives."""

    total: float
    used: float
    free: float


def test_a_folder_that_is_still_to_be_made(tmp_path: Path) -> None:
    (found,) = look_at_folder("images", tmp_path / "a" / "b", "THE_SETTING")

    assert (found.check, found.status) == ("images", Verdict.OK)
    assert not (tmp_path / "a").exists()


def test_a_folder_below_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    (found,) = look_at_folder("images", tmp_path / "file" / "b", "THE_SETTING")

    assert found.status is Verdict.ERROR
    assert "cannot be written" in found.says
    assert "THE_SETTING" in found.mend


@pytest.mark.parametrize(
    ("free", "status"), [(5e9, Verdict.OK), (5e8, Verdict.WARNING), (5e7, Verdict.ERROR)]
)
def test_room_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: float, status: Verdict
) -> None:
    def usage(_: Path) -> Usage:
        return Usage(10**10, 0, free)

    monkeypatch.setattr(shutil, "disk_usage", usage)

    (found,) = look_at_folder("images", tmp_path, "THE_SETTING")

    assert found.status is status


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost"])
def test_settings_that_go_together(host: str) -> None:
    (found,) = look_at_settings(Settings.load(host=host))

    assert found.status is Verdict.OK


def test_a_server_that_others_reach_has_to_be_guarded() -> None:
    (found,) = look_at_settings(Settings.load(host="0.0.0.0"))  # noqa: S104 - it is looked at

    assert found.status is Verdict.WARNING
    assert "listens on 0.0.0.0" in found.says
    assert "proxy with TLS" in found.mend


def test_a_name_may_be_reached_too() -> None:
    assert look_at_settings(Settings.load(host="storyloom.example"))[0].status is Verdict.WARNING


def test_a_key_without_a_project() -> None:
    (found,) = look_at_settings(Settings.load(supabase_service_key="hunter2"))

    assert "SUPABASE_URL is not" in found.says
    assert "hunter2" not in found.says


def test_traces_need_their_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.load(traces=True)
    assert look_at_settings(settings)[0].status is Verdict.OK

    def nothing(_: str) -> None:
        return None

    monkeypatch.setattr(machine, "find_spec", nothing)

    assert look_at_settings(settings)[0].status is Verdict.ERROR


async def test_absent_ocr_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    (well,) = await machine.look_at_text_reader()
    monkeypatch.setattr("storyloom.adapters.rapidocr.text_reader.PACKAGES", ("not_installed",))
    (absent,) = await machine.look_at_text_reader()

    assert well.status is Verdict.OK
    assert absent.status is Verdict.WARNING
    assert "pip install 'storyloom[ocr]'" in f"{absent.says} {absent.mend}"


async def test_boards_can_be_drawn() -> None:
    (found,) = await machine.look_at_renderer(Settings.load())

    assert found.status is Verdict.OK


async def test_films_need_ffmpeg_and_nothing_else_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    program = stand_in(tmp_path)

    (none,) = await look_at_films(Settings.load())
    (named,) = await look_at_films(Settings.load(ffmpeg=str(program)))
    (lost,) = await look_at_films(Settings.load(ffmpeg="/nowhere/ffmpeg"))
    program.rename(tmp_path / "ffmpeg")
    (found,) = await look_at_films(Settings.load())

    assert isinstance(none, Absent)
    assert "apt-get install ffmpeg" in none.says
    assert (named.status, found.status) == (Verdict.OK, Verdict.OK)
    assert not isinstance(named, Absent)
    assert not isinstance(found, Absent)
    assert lost.status is Verdict.WARNING
    assert lost.says == "/nowhere/ffmpeg, which STORYLOOM_FFMPEG names, cannot be run."
    assert "on the PATH" in lost.mend
