"""What the files of a deployment say: commands, and variables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from typer.testing import CliRunner

from storyloom.cli.app import app
from storyloom.settings import Settings

ROOT = Path(__file__).parents[2]
DRAIN_S = Settings.model_fields["drain_s"].default


def documents(path: Path) -> list[dict[str, Any]]:
    """The YAML documents of a file."""
    return cast("list[dict[str, Any]]", list(yaml.safe_load_all(path.read_text("utf-8"))))


@cache
def help_of(*command: str) -> str:
    told = CliRunner().invoke(app, [*command, "--help"])
    assert told.exit_code == 0, f"there is no command {' '.join(command)}"
    return told.stdout


def unknown_options(arguments: Sequence[str]) -> list[str]:
    """The options that a command line names and `storyloom` does not know."""
    told = help_of(arguments[0])
    # A group has commands of its own: the second word is one, unless it is an option.
    if "COMMAND [ARGS]" in told and len(arguments) > 1 and not arguments[1].startswith("-"):
        told = help_of(*arguments[:2])
    return [
        word
        for word in arguments[1:]
        if word.startswith("--") and not re.search(rf"{word}\b", told)
    ]


def unknown_variables(names: Iterator[str] | Mapping[str, Any]) -> list[str]:
    """The names with our prefix that are no settings."""
    known = {Settings.variable(name) for name in Settings.model_fields}
    return [name for name in names if name.startswith("STORYLOOM_") and name not in known]
