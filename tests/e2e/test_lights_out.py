"""Runs on a real server, as other programs know it."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest

from tests.e2e.runs import beats_of, ended, saved, started
from tests.servers import environment, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
EXAMPLE = Path(__file__).parents[2] / "examples" / "api" / "storyswarm.py"


def test_a_client_that_knows_only_the_document_drives_a_run_to_its_end(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        timestamp = saved(server.url, beats_of(4, prompted=False), promptMode="storyswarm")
        run_id = started(server.url, timestamp)

        told = subprocess.run(
            [sys.executable, "-IS", str(EXAMPLE), server.url, "--once"],
            env=environment(),
            capture_output=True,
            check=True,
            timeout=120,
        )
        run = ended(server.url, run_id)
        waiting = httpx2.get(
            f"{server.url}/api/v1/notifications/check", params={"type": "beats_ready"}
        ).json()

    assert told.stdout.decode().split() == ["session", str(timestamp), "has", "its", "prompts"]
    assert (run["status"], run["counts"]["done"]) == ("completed", 4)
    assert {shot["prompt"]["prompt"] for shot in run["shots"]} == {
        f"b{number}, wide shot, film still" for number in range(1, 5)
    }
    assert waiting == {"notifications": []}


def test_however_often_somebody_clicks_at_the_same_time_there_is_one_run(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server, ThreadPoolExecutor(8) as clicks:
        timestamp = saved(server.url, beats_of(3))
        clicked = [clicks.submit(started, server.url, timestamp) for _ in range(8)]
        [run_id] = {one.result() for one in clicked}
        run = ended(server.url, run_id)

    assert (run["status"], run["counts"]["done"]) == ("completed", 3)
    assert run["report"]["headline"] == "3 of 3 pictures are made."
