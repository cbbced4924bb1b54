"""What a server says of the files of a run is not believed."""

import httpx2
import pytest

from storyloom.automation.runs.errors import ExportFailed
from storyloom.cli.run_files import _file_of, _made
from storyloom.errors import BadAnswer
from tests.cli.test_server import answering

RUN = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"
EXPORT: dict[str, object] = {
    "name": "sheet",
    "format": "sheet",
    "status": "processing",
    "url": "/x",
    "layout": "grid-6",
    "framesPerSecond": 24,
    "filmHeight": 720,
    "fileName": None,
    "sizeBytes": None,
    "leftOut": [],
    "errorCode": None,
    "errorMessage": None,
    "askedAt": "2026-01-01T00:00:00Z",
    "madeAt": None,
}


def exports(*told: dict[str, object]) -> httpx2.Response:
    return httpx2.Response(200, json={"exports": list(told)})


async def test_it_waits_until_all_are_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storyloom.cli.run_files._LOOK_EVERY_S", 0)
    done = EXPORT | {"status": "completed", "fileName": "sheet.pdf"}
    answers = iter([exports(EXPORT), exports(done, EXPORT | {"name": "other"})])
    server = answering(lambda _: next(answers))

    (made,) = await _made(server, RUN, {"sheet"})

    assert _file_of(made) == "sheet.pdf"


async def test_why_one_could_not_be_made_is_told() -> None:
    failed = EXPORT | {"status": "failed", "errorMessage": "There is no ffmpeg."}

    with pytest.raises(ExportFailed, match="no ffmpeg"):
        await _made(answering(lambda _: exports(failed)), RUN, {"sheet"})


@pytest.mark.parametrize("name", ["../x", "a/b", ".bashrc", ""])
async def test_a_file_stays_in_its_folder(name: str) -> None:
    done = EXPORT | {"status": "completed", "fileName": name}
    (made,) = await _made(answering(lambda _: exports(done)), RUN, {"sheet"})

    with pytest.raises(BadAnswer, match="no name of one"):
        _file_of(made)
