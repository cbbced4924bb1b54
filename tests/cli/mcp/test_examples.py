"""What the page on MCP shows works as it stands."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import CODE, Run
from tests.cli.mcp.test_tools import NAMES
from tests.servers import environment

PAGE = (Path(__file__).parents[3] / "docs" / "mcp.md").read_text("utf-8")
SNIPPETS = [json.loads(found) for found in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
PROGRAMS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("snippet", SNIPPETS, ids=[str(n) for n in range(len(SNIPPETS))])
def test_a_snippet_names_a_command_that_there_is(run: Run, snippet: dict[str, Any]) -> None:
    ((server,),) = ([*servers.values()] for servers in snippet.values())
    if "url" in server:
        assert server["url"].endswith("/mcp")
        return
    command, *options = server["args"]
    known = run(command, "--help").stdout

    assert server["command"] == "storyloom"
    assert command == "mcp"
    assert [option for option in options[::2] if option not in known] == []


def test_the_table_has_every_tool() -> None:
    assert set(re.findall(r"^\| `([a-z]+_[a-z_]+)` \|", PAGE, re.MULTILINE)) == NAMES


@pytest.mark.slow
@pytest.mark.parametrize("program", PROGRAMS)
def test_a_program_runs(place: Path, tmp_path: Path, program: str) -> None:
    (place / "calculator.py").write_text(CODE, "utf-8")
    found = Path(sys.executable).parent
    assert shutil.which("storyloom", path=str(found))
    path = f"{found}{os.pathsep}{environment().get('PATH', '')}"
    known = environment(STORYLOOM_DATA_DIR=str(tmp_path / "data")) | {"PATH": path}

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=known,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert "calculator.storyboard.png" in done.stdout
    assert "The storyboard is made" in done.stdout
    assert (place / "champions.pdf").exists()
