"""The command line as a whole: help that teaches, errors in one line, a quick start."""

import json
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import pytest

from storyloom.boards.schemas import BoardFormat, FileFormat
from storyloom.cli import options
from storyloom.cli.makers import order_of
from storyloom.cli.options import DrawOptions
from storyloom.cli.sources import Kind
from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import JobStatus
from storyloom.settings import Settings
from storyloom.storyboard.schemas import BoardFile, Render
from tests.cli.conftest import Run, json_of

COMMANDS = [
    "code",
    "roadmap",
    "revise",
    "serve",
    "doctor",
    "presets",
    "costs",
    "jobs",
    "story",
    "diff",
    "mcp",
]
HEAVY = ("dbos", "sqlalchemy", "fastapi", "typst", "rapidocr", "pydantic", "rich", "httpx2")


def _closed(literal: object) -> set[str]:
    return set(get_args(literal))


def test_the_closed_sets_of_the_options_are_those_of_the_schemas() -> None:
    assert _closed(options.PageFormatName) == set(BoardFormat)
    assert _closed(options.FileFormatName) == set(BoardFile)
    assert _closed(options.PictureFormatName) == set(FileFormat)
    assert _closed(options.RenderName) == set(Render)
    assert _closed(options.StatusName) == set(JobStatus)
    levels = Settings.model_fields["log_level"].annotation
    assert _closed(options.LogLevelName) == _closed(levels)


def test_the_defaults_in_the_help_are_those_of_the_api(run: Run) -> None:
    wishes = order_of(Kind.CODE, DrawOptions(), BoardFile.PNG).wishes

    told = run("code", "--help").stdout

    for default in (wishes.audience, wishes.stage, wishes.icp_preset, wishes.format, wishes.render):
        assert f"[{default}]" in told


def test_without_a_command_the_help_is_shown(run: Run) -> None:
    result = run()

    assert result.exit_code == 0
    assert [name for name in COMMANDS if name not in result.stdout] == []


@pytest.mark.parametrize(
    "command", [*([name] for name in COMMANDS), *(["jobs", n] for n in ("list", "show", "watch"))]
)
def test_every_command_shows_examples(run: Run, command: Sequence[str]) -> None:
    result = run(*command, "--help")

    assert result.exit_code == 0
    assert f"Examples:\n    storyloom {' '.join(command)}" in result.stdout.replace(
        "    git show", "    storyloom code"
    )


def test_jobs_alone_shows_its_help(run: Run) -> None:
    result = run("jobs")

    assert result.exit_code == 0
    assert "watch" in result.stdout


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").stdout == f"storyloom {version('storyloom')}\n"


def test_a_wrong_command_gets_one_line_with_a_hint(run: Run) -> None:
    result = run("cod", "a.py")

    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr == "storyloom: No such command 'cod'. Did you mean 'code'?\n"


def test_a_wrong_setting_ends_with_status_8(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STORYLOOM_PROT", "1")

    result = run("presets")

    assert result.exit_code == 8
    assert result.stderr.startswith("storyloom: There is no setting STORYLOOM_PROT.")


def test_an_error_before_the_work_is_json_too(run: Run) -> None:
    result = run("code", "a.py", "--stage", "soon", "--json")

    assert result.exit_code == 2
    assert json_of(result)["error"]["code"] == "invalid_input"
    assert "--stage: Input should be one of 'preview'" in result.stderr


def _break(**_: object) -> None:
    raise ZeroDivisionError


def test_what_nobody_foresaw_is_one_line_as_well(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "load", _break)

    result = run("presets")

    assert result.exit_code == 1
    assert result.stderr.startswith("storyloom: Something unexpected happened: ZeroDivisionError")
    assert result.stderr.count("\n") == 1


def _break_beside_others(**_: object) -> None:
    fault = InvalidInput("That cannot be.")
    raise ExceptionGroup("unhandled errors", [ExceptionGroup("others", [fault])])


def test_what_breaks_beside_other_work_says_the_same(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Settings, "load", _break_beside_others)

    result = run("presets")

    assert (result.exit_code, result.stderr) == (2, "storyloom: That cannot be.\n")


def test_debug_shows_the_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "load", _break)

    assert isinstance(run("presets", "--debug").exception, ZeroDivisionError)


def test_help_needs_nothing_heavy(place: Path) -> None:
    # Written to a file and not to -c, so that the command sees its own arguments.
    script = place / "imports.py"
    script.write_text(
        "import json, sys, storyloom.cli.app\n"
        f"print(json.dumps([name for name in {HEAVY!r} if name in sys.modules]))\n",
        "utf-8",
    )

    done = subprocess.run([sys.executable, script], capture_output=True, check=True, timeout=30)

    assert json.loads(done.stdout) == []


def test_the_package_is_the_command(place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "storyloom", "--version"],
        capture_output=True,
        check=True,
        timeout=30,
        text=True,
    )

    assert done.stdout.startswith("storyloom ")
