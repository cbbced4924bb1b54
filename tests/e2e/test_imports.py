"""What is large is loaded when it is needed: an SDK of a provider takes a second and 100 MB."""

import re
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import httpx2
import pytest

from tests.e2e.models import ANSWER, CODE, LONG_S, made
from tests.providers.server import Providers
from tests.servers import Running, environment, launched

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SDKS = ("pydantic_ai", "google.genai", "openai", "anthropic", "genai_prices")
#: What a server without keys, Redis and work does without.
LATER = (
    "httpx2",
    "limits",
    "redis",
    "tree_sitter",
    "websockets",
    "storyloom.adapters.comfyui.image_backend",
    "storyloom.adapters.swarmui.image_backend",
    "storyloom.automation.runs.directing.director",
    "storyloom.llm.redaction",
    "storyloom.story.finding.reading",
    "storyloom.storyboard.asked.code",
    "storyloom.storyboard.code.understand",
)
# Python then tells on stderr of every module that it imports.
TELLING = {"PYTHONPROFILEIMPORTTIME": "1"}


def loaded(said: str, names: Collection[str] = SDKS) -> set[str]:
    """Which of these were imported."""
    told = {line.rpartition("|")[2].strip() for line in said.splitlines() if "import time:" in line}
    assert "storyloom.settings" in told
    return told & set(names)


def drawn(folder: Path, **settings: str) -> str:
    """What `storyloom code` says on stderr."""
    (folder / "roi.py").write_text(CODE["file_content"], "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "storyloom", "code", "roi.py"],
        cwd=folder,
        env=environment(STORYLOOM_DATA_DIR=str(folder / "data"), **TELLING, **settings),
        capture_output=True,
        check=True,
        timeout=LONG_S,
        text=True,
    )
    assert re.search(r"^roi\.storyboard\.png\t", done.stdout)
    return done.stderr


def test_the_command_line_without_a_key(tmp_path: Path) -> None:
    said = drawn(tmp_path)

    assert loaded(said) == set()
    assert "sqlalchemy" not in said
    assert not (tmp_path / "data").exists()


def test_the_command_line_with_a_key_loads_one(tmp_path: Path, providers: Providers) -> None:
    key = providers.new_key()
    providers.always(key, ANSWER, kind="text")

    said = drawn(tmp_path, **providers.settings(key))

    assert {"pydantic_ai", "google.genai"} <= loaded(said) <= {*SDKS} - {"openai", "anthropic"}
    assert providers.charges(key) == {"text": 1, "picture": 1}


def test_a_server_without_a_key(tmp_path: Path) -> None:
    with launched(tmp_path / "data", **TELLING) as server:
        job = made(server)

    assert job["status"] == "completed"
    assert loaded(server.said) == set()


def test_a_server_that_has_nothing_to_do(tmp_path: Path) -> None:
    with launched(tmp_path / "data", **TELLING) as server:
        _look_around(server)

    assert loaded(server.said, LATER) == set()
    assert loaded(server.said, ("sqlalchemy", "typst")) == {"sqlalchemy", "typst"}


def test_a_server_with_a_key_before_the_first_job(tmp_path: Path, providers: Providers) -> None:
    chosen = providers.settings(providers.new_key())
    with launched(tmp_path / "data", **TELLING, **chosen) as server:
        _look_around(server)

    assert loaded(server.said) == set()


@pytest.mark.parametrize("has_key", [False, True])
def test_an_api_without_a_worker(
    tmp_path: Path, providers: Providers, postgres_url: str, *, has_key: bool
) -> None:
    key = providers.new_key()
    chosen = providers.settings(key) if has_key else {}
    options = {**TELLING, **chosen, "DATABASE_URL": postgres_url}
    with launched(tmp_path / "data", "--no-worker", **options) as server:
        _look_around(server)
        accepted = httpx2.post(f"{server.url}/storyboard/code", json=CODE, timeout=LONG_S)
        _look_around(server)

    assert accepted.status_code == 202
    assert loaded(server.said) == set()
    assert providers.seen(key) == []


def _look_around(server: Running) -> None:
    for path in ("/readyz", "/metrics", "/storyboard/costs", "/storyboard/presets"):
        assert httpx2.get(f"{server.url}{path}", timeout=LONG_S).status_code == 200
