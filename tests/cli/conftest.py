"""A place of its own for each test, and the command line run in this process."""

import json
import logging
from collections.abc import Callable, Generator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from storyloom.cli.app import app

Run = Callable[..., Result]
CODE = '''"""Works out when an investment pays back."""


def calculate_roi(cost, gain):
    """Return on investment, as a share of the cost."""
    return (gain - cost) / cost
'''


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("STORYLOOM_DATA_DIR", str(tmp_path / "data"))
    return folder


def _loggers() -> list[logging.Logger]:
    named = logging.root.manager.loggerDict.values()
    return [logging.root, *(one for one in named if isinstance(one, logging.Logger))]


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Generator[None]:
    """Handlers that a command has made write to the stderr of that command, which then closes."""
    before = {one: (one.handlers[:], one.level) for one in _loggers()}
    yield
    for one in _loggers():
        one.handlers, level = before.get(one, ([], logging.NOTSET))
        one.setLevel(level)


@pytest.fixture
def run() -> Run:
    runner = CliRunner()

    def invoke(*args: str, stdin: bytes | None = None) -> Result:
        return runner.invoke(app, args, input=stdin)

    return invoke


@pytest.fixture
def source(place: Path) -> Path:
    file = place / "roi.py"
    file.write_text(CODE, "utf-8")
    return file


def json_of(result: Result) -> Any:
    return json.loads(result.stdout)


def png(width: int = 64, height: int = 48) -> bytes:
    out = BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "PNG")
    return out.getvalue()
