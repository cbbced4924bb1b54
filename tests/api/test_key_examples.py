"""What the page on keys shows can be run as it stands."""

import re
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest

from tests.servers import environment, running

PAGE = (Path(__file__).parents[2] / "docs" / "keys.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
HEADERS = re.findall(r"^    (RateLimit\S*): (.*)$", PAGE, re.MULTILINE)
KEY = "a-key-for-examples-of-32-letters!"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """Of a server that turns away whoever asks a fourth time."""
    folder = tmp_path_factory.mktemp("keys") / "data"
    with running(folder, STORYLOOM_ADMIN_KEY=KEY, STORYLOOM_RATE_LIMIT="3/day") as server:
        yield server.url


def test_the_limit_is_told_as_shown_and_read_before_a_request_is_turned_away(address: str) -> None:
    (example,) = EXAMPLES
    key = {"Authorization": f"Bearer {KEY}"}
    first = httpx2.get(f"{address}/storyboard/presets", headers=key)
    assert [name for name, _ in HEADERS] == ["RateLimit-Policy", "RateLimit"]
    for name, shown in HEADERS:
        form = re.sub(r"\d+", r"\\d+", re.escape(shown))
        assert re.fullmatch(form, first.headers[name]), first.headers[name]

    told = [_run(example, address) for _ in range(2)]

    ends = [
        re.fullmatch(r"after (\d) requests none is left: .* in (\d+) seconds\n", t) for t in told
    ]
    assert [end and end[1] for end in ends] == ["2", "1"], told
    answer = httpx2.get(f"{address}/storyboard/jobs", headers=key)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def _run(example: str, address: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", example.replace("http://127.0.0.1:8000", address)],
        env=environment(STORYLOOM_KEY=KEY),
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
