"""The installed command, as a newcomer types it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

STORYLOOM = Path(sys.executable).with_name("storyloom")
EXAMPLES = Path(__file__).parents[2] / "examples"


def _run(*args: str | Path, where: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [STORYLOOM, *args], cwd=where, input=stdin, capture_output=True, check=False, timeout=50
    )


def test_a_file_from_a_pipe_becomes_a_picture(tmp_path: Path) -> None:
    done = _run("code", "-", "--name", "roi.rb", "--json", where=tmp_path, stdin=b"def roi; end")

    (board,) = json.loads(done.stdout)["storyboards"]
    assert done.returncode == 0
    assert done.stderr == b""
    assert (tmp_path / board["path"]).read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_the_demo_draws_every_example_and_says_where(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, EXAMPLES / "demo.py"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=200,
        text=True,
    )

    drawn = sorted((tmp_path / "demo-output").iterdir())
    assert done.returncode == 0, done.stdout
    assert [file for file in drawn if f"demo-output/{file.name}" not in done.stdout] == []
    boards = [file for file in drawn if file.is_file()]
    assert len(boards) == len([*(EXAMPLES / "code").iterdir(), *(EXAMPLES / "roadmap").iterdir()])
    assert [folder.name for folder in drawn if folder.is_dir()] == ["the_last_lamp"]
    assert list((tmp_path / "demo-output" / "the_last_lamp").rglob("*.png"))


def test_an_error_is_one_line_and_its_status(tmp_path: Path) -> None:
    done = _run("code", "gone.py", where=tmp_path)

    assert done.returncode == 4
    assert done.stderr == b"error: gone.py: There is no such file.\n"
    assert done.stdout == b""
