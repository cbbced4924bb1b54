"""How ffmpeg is called, and what becomes of it."""

import asyncio
import json
import os
from pathlib import Path

import pytest

from storyloom.adapters.ffmpeg.film_maker import FfmpegFilmMaker
from storyloom.boards.export.ports import Still
from storyloom.errors import StoryloomError, TimedOut
from tests.ffmpeg import stand_in
from tests.until import until

ENVIRONMENT = dict(os.environ)  # noqa: TID251
# It starts another program, as a wrapper would, and both go on for ever.
ENDLESS = """
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
Path(noted / "pids.part").write_text(f"{os.getpid()} {child.pid}")
os.rename(noted / "pids.part", noted / "pids")
time.sleep(600)
"""


def _stills(folder: Path) -> list[Still]:
    return [Still(folder / "it's a.jpg", 36, "One"), Still(folder / "b.jpg", 12, "Two")]


async def _film(folder: Path, more: str = "", timeout_s: float = 60) -> None:
    maker = FfmpegFilmMaker(ENVIRONMENT, str(stand_in(folder, more)), timeout_s=timeout_s)
    await maker.film(_stills(folder), 24, folder / "film.part")


def _lives(pid: str) -> bool:
    try:
        # A zombie that its new parent has not yet buried lives no more.
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def test_each_still_is_shown_for_its_time_with_its_words(tmp_path: Path) -> None:
    await _film(tmp_path)

    assert (tmp_path / "list.txt").read_text("utf-8").splitlines() == [
        f"file '{tmp_path}/it'\\''s a.jpg'",
        "duration 1.500000",
        f"file '{tmp_path}/b.jpg'",
        "duration 0.500000",
        f"file '{tmp_path}/b.jpg'",
    ]
    assert "00:00:01,500 --> 00:00:02,000\nTwo" in (tmp_path / "words.srt").read_text("utf-8")
    given = json.loads((tmp_path / "given.json").read_text("utf-8"))
    assert given[given.index("-frames:v") + 1] == "48"
    assert given[given.index("-c:v") + 1] == "libx264"
    assert given[-1] == str(tmp_path / "film.part")
    assert not os.path.exists((tmp_path / "folder").read_text("utf-8"))  # noqa: ASYNC240, PTH110


async def test_another_codec_is_taken_where_the_first_is_missing(tmp_path: Path) -> None:
    await _film(tmp_path, 'if "libx264" in given: sys.exit("Unknown encoder \'libx264\'")')

    assert "mpeg4" in json.loads((tmp_path / "given.json").read_text("utf-8"))


async def test_a_failure_is_told_in_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(StoryloomError, match="ffmpeg failed: No space left"):
        await _film(tmp_path, 'sys.exit("No space\\n left\\x07")')
    with pytest.raises(StoryloomError, match="exit code 3"):
        await _film(tmp_path, "sys.exit(3)")


async def test_what_cannot_be_run_is_told_in_the_words_of_the_system(tmp_path: Path) -> None:
    program = tmp_path / "ffmpeg"
    program.write_bytes(b"\x7fELF, or so it seems")
    program.chmod(0o755)

    with pytest.raises(StoryloomError, match="Exec format error"):
        await FfmpegFilmMaker(ENVIRONMENT, str(program)).film(_stills(tmp_path), 24, tmp_path / "o")


async def test_whoever_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(TimedOut):
        await _film(tmp_path, "time.sleep(600)", timeout_s=0.5)


async def test_a_caller_who_gives_up_ends_all_that_it_has_started(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as tasks:
        filming = tasks.create_task(_film(tmp_path, ENDLESS))
        await until((tmp_path / "pids").exists)
        filming.cancel()

    pids = (tmp_path / "pids").read_text("utf-8").split()
    assert len(pids) == 2
    await until(lambda: not any(map(_lives, pids)))
