"""The page for operators names only what exists."""

import re
import shlex

import pytest

from storyloom.adapters.sql._tables import metadata
from tests.deploy.files import ROOT, unknown_options, unknown_variables

TEXT = (ROOT / "docs" / "operations.md").read_text("utf-8")
COMMANDS = sorted(set(re.findall(r"(?:`|^    )storyloom ([a-z][^`\n#]*)", TEXT, re.MULTILINE)))
TROUBLES = [
    'Job stuck in "pending"',
    'Job stuck in "processing"',
    "Job failed with error",
    "Redis connection error",
    "Supabase persistence error",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_its_commands_exist(command: str) -> None:
    assert unknown_options(shlex.split(command)) == []


def test_its_settings_exist() -> None:
    assert unknown_variables(iter(re.findall(r"\bSTORYLOOM_[A-Z_]+", TEXT))) == []


@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_trouble_of_the_document_has_its_answer(trouble: str) -> None:
    assert f"### {trouble}\n" in TEXT


def test_its_figures_exist() -> None:
    told = (ROOT / "docs" / "observability.md").read_text("utf-8")
    known = {*re.findall(r"storyloom_[a-z_]+", told), *metadata.tables}
    named = set(re.findall(r"`(storyloom_[a-z_]+)`", TEXT))

    assert [name for name in named if name not in known] == []


def test_its_log_lines_exist() -> None:
    source = "".join(
        path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py") if path.is_file()
    )
    log = re.findall(r"the log: ([^|]*)\|", TEXT)
    told = [line for lines in log for line in re.findall(r"`([^`]+)`", lines)]

    assert len(told) >= 6
    assert [line for line in told if not all(part in source for part in line.split(" … "))] == []
