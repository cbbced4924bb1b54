"""What the page on events shows can be run as it stands."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import environment

PAGE = Path(__file__).parents[2] / "docs" / "events.md"
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
ENDS = ["job.completed", "end", "code_to_storyboard"]


@pytest.mark.parametrize(("example", "end"), list(zip(EXAMPLES, ENDS, strict=True)), ids=ENDS)
def test_an_example_runs_to_its_end(server: str, example: str, end: str) -> None:
    address = server.removeprefix("http://")
    assert "127.0.0.1:8000" in example

    done = subprocess.run(
        [sys.executable, "-c", example.replace("127.0.0.1:8000", address)],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert end in done.stdout
