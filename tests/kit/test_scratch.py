"""Folders of a moment, and what killed processes have left of theirs."""

import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from storyloom.kit import scratch
from storyloom.kit.scratch import LOCK, Scratch, sweep

LIVES = """
import sys, time
from storyloom.kit.scratch import Scratch
folder = Scratch("test")
(folder.path / "half a film").write_text("half")
print(folder.path, flush=True)
time.sleep(600)
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@contextmanager
def another_process(place: Path) -> Generator[tuple[subprocess.Popen[str], Path]]:
    """One that has such a folder, and works in it."""
    with subprocess.Popen(
        [sys.executable, "-c", LIVES],
        env={"TMPDIR": str(place), "PYTHONPATH": ":".join(filter(None, sys.path))},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, Path(process.stdout.readline().strip())
        finally:
            process.kill()


def test_a_folder_is_there_for_a_while(place: Path) -> None:
    with Scratch("test") as folder:
        assert folder.parent == place
        (folder / "a").mkdir()
        assert sweep() == 0
        assert folder.is_dir()

    assert list(place.iterdir()) == []


def test_removing_it_again_is_no_error() -> None:
    folder = Scratch("test")

    folder.cleanup()
    folder.cleanup()


def test_what_a_killed_process_has_left_is_swept(place: Path) -> None:
    with another_process(place) as (process, folder):
        assert (folder / "half a film").exists()
        assert sweep() == 0, "it lives"
        assert folder.exists()
        process.kill()
        process.wait()

        assert sweep() == 1

    assert list(place.iterdir()) == []


def test_what_is_not_ours_stays(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("storyloom-export-1", "other"):
        (place / name).mkdir()
    (place / "other" / LOCK).touch()
    (place / "storyloom-file").touch()
    (place / "storyloom-link").symlink_to(place / "other", target_is_directory=True)
    (place / "storyloom-odd").mkdir()
    (place / "storyloom-odd" / LOCK).symlink_to(place / "other" / LOCK)

    assert sweep() == 0
    assert len(list(place.iterdir())) == 5

    left = place / "storyloom-left"
    left.mkdir()
    (left / LOCK).touch()
    with monkeypatch.context() as patched:
        patched.setattr(scratch.os, "geteuid", lambda: 1_000_000)
        assert sweep() == 0, "it is somebody else's"
    assert sweep() == 1


def test_a_place_that_cannot_be_listed_is_left_alone(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(place / "gone"))

    assert sweep() == 0


def test_a_place_that_knows_no_locks_is_used_all_the_same(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(scratch.fcntl, "flock", refuse)
    with Scratch("test"):
        assert sweep() == 0

    assert list(place.iterdir()) == []
