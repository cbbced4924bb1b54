"""What everything that makes films promises; a real ffmpeg is tried where there is one."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from storyloom.adapters.ffmpeg.film_maker import FfmpegFilmMaker
from storyloom.boards.export.ports import FilmMaker, Still
from storyloom.errors import Unsupported
from tests.boards.export.stories import picture
from tests.ffmpeg import stand_in

ENVIRONMENT = dict(os.environ)  # noqa: TID251


@pytest.fixture(params=["stand-in", "ffmpeg"])
def maker(request: pytest.FixtureRequest, tmp_path: Path) -> FilmMaker:
    if request.param == "ffmpeg" and shutil.which("ffmpeg") is None:
        pytest.skip("there is no ffmpeg here")
    program = str(stand_in(tmp_path)) if request.param == "stand-in" else None
    return FfmpegFilmMaker(ENVIRONMENT, program)


def _stills(folder: Path) -> Sequence[Still]:
    paths = [folder / f"it's {number}.jpg" for number in range(2)]
    for path in paths:
        path.write_bytes(picture("navy", (64, 36), "JPEG"))
    return [Still(path, 3, f"Words of {path.stem}") for path in paths]


async def test_a_film_is_written(maker: FilmMaker, tmp_path: Path) -> None:
    out = tmp_path / "film.part"

    await maker.film(_stills(tmp_path), 24, out)

    assert out.read_bytes()[4:8] == b"ftyp"


async def test_it_is_ready(maker: FilmMaker) -> None:
    await maker.ping()


async def test_without_a_program_it_is_unsupported(tmp_path: Path) -> None:
    maker = FfmpegFilmMaker({"PATH": str(tmp_path)})

    with pytest.raises(Unsupported, match="STORYLOOM_FFMPEG"):
        await maker.ping()
    with pytest.raises(Unsupported):
        await maker.film(_stills(tmp_path), 24, tmp_path / "film.mp4")
