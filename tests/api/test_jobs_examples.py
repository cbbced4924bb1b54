"""What the page on jobs shows can be run as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import environment

PAGE = Path(__file__).parents[2] / "docs" / "jobs.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
# The last is what waits, what runs, and what could not be counted: all work before it has ended.
ENDS = ["canceled", "succeeded", "304 as nothing has changed", "0 0 []"]


@pytest.mark.parametrize(("example", "end"), list(zip(EXAMPLES, ENDS, strict=True)), ids=ENDS)
def test_an_example_runs_to_its_end(server: str, example: str, end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", example.replace("http://127.0.0.1:8000", server)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert end in done.stdout
