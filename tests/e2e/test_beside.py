"""A command with models beside a running server: neither pays for what the other has paid for."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.models import ANSWER, CODE, LONG_S, made
from tests.providers.server import Providers
from tests.servers import environment, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


def drawn(folder: Path, source: str, settings: dict[str, str]) -> dict[str, Any]:
    """What `storyloom code` makes of it, with the data directory of a server."""
    (folder / "calculator.py").write_text(source, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "storyloom", "code", "calculator.py", "--json"],
        cwd=folder,
        env=environment(STORYLOOM_DATA_DIR=str(folder / "data"), **settings),
        capture_output=True,
        check=True,
        timeout=LONG_S,
    )
    assert done.stderr == b""
    return json.loads(done.stdout)["storyboards"][0]


def test_neither_pays_for_what_the_other_has_paid_for(tmp_path: Path, providers: Providers) -> None:
    key = providers.new_key()
    providers.always(key, ANSWER, kind="text")
    chosen = providers.settings(key)
    other = f"{CODE['file_content']}\n# another\n"
    with running(tmp_path / "data", **chosen) as server:
        served = made(server)
        here = drawn(tmp_path, CODE["file_content"], chosen)
        after_one = providers.charges(key)
        first_here = drawn(tmp_path, other, chosen)
        after_two = providers.charges(key)
        then_served = made(server, **{**CODE, "file_content": other})

    assert (served["cost"]["calls"], here["cost"]["calls"]) == (2, 0)
    assert here["understanding"]["headline"] == served["understanding"]["headline"]
    assert after_one == {"text": 1, "picture": 1}
    assert (first_here["status"], then_served["status"]) == ("completed", "completed")
    assert then_served["cost"]["calls"] == 0
    assert providers.charges(key) == after_two
