"""The page on `storyloom diff`, the hook and the action work as they stand."""

import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from shutil import which
from typing import Any

import pytest
import yaml

from storyloom.cli.diff.manifest import MANIFEST, Manifest
from tests.cli.conftest import Run
from tests.cli.diff.conftest import OTHER, PICTURE, Git
from tests.servers import environment

ROOT = Path(__file__).parents[3]
BASH = which("bash") or ""
PAGE = (ROOT / "docs" / "diff.md").read_text("utf-8")
ACTION: Mapping[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
HOOKS: list[Mapping[str, Any]] = yaml.safe_load(
    (ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")
)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def _environment(**more: str) -> dict[str, str]:
    """With `storyloom` and this Python on the path, and a name for git."""
    who = {"GIT_AUTHOR_NAME": "T", "GIT_AUTHOR_EMAIL": "t@example.com"}
    also = {name.replace("AUTHOR", "COMMITTER"): value for name, value in who.items()}
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment()['PATH']}"
    return environment() | who | also | {"PATH": path} | more


def _bash(script: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [BASH, "-eo", "pipefail", "-c", script],
        env=_environment(**more),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_example_runs(repository: Path) -> None:
    (script,) = _blocks("bash")
    (shown,) = _blocks("text")
    code = (ROOT / "examples" / "code" / "roi_calculator.py").read_text("utf-8")
    (repository / "roi.py").write_text(code, "utf-8")

    done = _bash(script)

    assert done.returncode == 0, done.stderr
    assert f"{PICTURE}\tnew\n" in done.stdout
    assert "1 unchanged" in done.stderr
    assert shown in done.stdout
    assert "the storyboard is behind" in done.stdout
    assert "| Headline |" in (repository / "report.md").read_text("utf-8")


def test_the_manifest_that_is_shown_is_one() -> None:
    (text,) = _blocks("toml")

    manifest = Manifest.model_validate(tomllib.loads(text))

    assert [board.order.wishes.render for board in manifest.storyboards] == ["vector", "vector"]


def test_the_hook_runs_a_command_that_there_is(repository: Path, run: Run, git: Git) -> None:
    (hook,) = HOOKS
    (shown,) = (block for block in _blocks("yaml") if "repos:" in block)
    (known,) = yaml.safe_load(shown)["repos"][0]["hooks"]
    program, *words = shlex.split(hook["entry"])
    run("diff", "--init", "roi.py")
    git("add", ".")

    result = run(*words, "roi.py", MANIFEST)

    assert program == "storyloom"
    assert (known["id"], hook["language"], hook["require_serial"]) == (hook["id"], "python", True)
    assert set(hook) == {
        *("id", "name", "description", "entry", "language", "types", "require_serial")
    }
    assert result.exit_code == 1, "a new picture has to be added"
    assert (repository / PICTURE).exists()
    git("add", ".")
    assert run(*words, "roi.py", MANIFEST).exit_code == 0


def test_the_action_is_a_composite_one() -> None:
    steps = ACTION["runs"]["steps"]
    (shown,) = (block for block in _blocks("yaml") if "jobs:" in block)
    (job,) = yaml.safe_load(shown)["jobs"].values()

    assert ACTION["runs"]["using"] == "composite"
    assert all(step["shell"] == "bash" for step in steps)
    assert [step["run"] for step in steps if "${{" in step["run"]] == [], "inputs are variables"
    assert set(re.findall(r"inputs\.(\w+)", str(steps))) == set(ACTION["inputs"])
    assert set(re.findall(r"steps\.storyboards\.outputs\.(\w+)", str(job))) == set(
        ACTION["outputs"]
    )


@pytest.fixture
def behind(repository: Path, run: Run, git: Git) -> Path:
    """A repository whose last commit has left its storyboard behind."""
    run("diff", "--init", "roi.py")
    run("diff")
    git("add", ".")
    git("commit", "-qm", "Draw it")
    (repository / "roi.py").write_text(OTHER, "utf-8")
    git("commit", "-qam", "Compare offers")
    return repository


@pytest.mark.slow
@pytest.mark.usefixtures("behind")
@pytest.mark.parametrize(("check", "status"), [("true", 1), ("false", 0)])
def test_the_action_reports(git: Git, tmp_path: Path, check: str, status: int) -> None:
    script = ACTION["runs"]["steps"][1]["run"]
    summary, outputs = tmp_path / "summary", tmp_path / "outputs"

    done = _bash(
        script,
        BASE="HEAD^",
        CHECK=check,
        PATHS="roi.py\n\n",
        RUNNER_TEMP=str(tmp_path),
        GITHUB_STEP_SUMMARY=str(summary),
        GITHUB_OUTPUT=str(outputs),
    )

    assert done.returncode == status, done.stderr
    assert "| Headline |" in summary.read_text("utf-8")
    assert outputs.read_text("utf-8").splitlines() == [
        "changed=1",
        f"report={tmp_path / 'storyloom-diff.md'}",
    ]
    assert json.loads(done.stdout)["storyboards"][0]["picture"] == PICTURE
    assert (git("status", "--porcelain") == "") is (check == "true")
