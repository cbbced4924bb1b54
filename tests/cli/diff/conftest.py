"""A real git repository for each test."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest

from tests.cli.conftest import CODE

Git = Callable[..., str]
OTHER = CODE.replace("Works out when an investment pays back", "Compares what two offers cost")
PICTURE = "storyboards/roi.storyboard.png"


@pytest.fixture
def git(place: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Git in the test's own place, with nobody's settings."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(place.parent))
    who = ("-c", "user.name=T", "-c", "user.email=t@example.com")

    def run(*words: str) -> str:
        done = subprocess.run(
            [which("git") or "", *who, *words],
            cwd=place,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout.strip()

    return run


@pytest.fixture
def repository(place: Path, git: Git) -> Path:
    """One commit, with one code file that nobody has drawn yet."""
    (place / "roi.py").write_text(CODE, "utf-8")
    git("init", "-q", "-b", "main")
    git("add", ".")
    git("commit", "-qm", "Begin")
    return place
