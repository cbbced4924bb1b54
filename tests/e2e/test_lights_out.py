"""Runs on a real server, as other programs know it."""

from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.servers import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
RUNS = "/api/v1/automation/runs"
Json = dict[str, Any]


def saved(url: str, **fields: Any) -> int:
    beats = [{"beatId": f"b{number}"} for number in range(1, 5)]
    body = {"analyzedEpisode": {"beats": beats}} | fields
    return httpx2.post(f"{url}/api/v1/session/save", json=body).json()["sessionTimestamp"]


def ended(url: str, run_id: str, within_s: float = 300) -> Json:
    end = monotonic() + within_s
    while (run := httpx2.get(f"{url}{RUNS}/{run_id}").json())["status"] in {
        "pending",
        "processing",
    }:
        assert monotonic() < end, run
        sleep(0.1)
    return run


def test_a_client_that_knows_only_the_document_drives_a_run_to_its_end(tmp_path: Path) -> None:
    with running(tmp_path / "data") as server:
        timestamp = saved(server.url, promptMode="storyswarm")
        run = httpx2.post(f"{server.url}{RUNS}", json={"sessionTimestamp": timestamp}).json()

        storyswarm(server.url)
        found = ended(server.url, run["runId"])

    assert (found["status"], found["counts"]["done"]) == ("completed", 4)


def storyswarm(url: str) -> None:
    """What the document tells: poll, make prompts, post them, acknowledge."""
    with httpx2.Client(base_url=f"{url}/api/v1") as api:
        while True:
            answer = api.get("/notifications/check", params={"type": "beats_ready"})
            for told in answer.json()["notifications"]:
                timestamp = told["sessionTimestamp"]
                session = api.get(f"/session/{timestamp}").json()["data"]
                for beat in session["analyzedEpisode"]["beats"]:
                    name = beat["beatId"]
                    prompts = {"prompts": {name: {"cinematic": f"A picture of {name}"}}}
                    api.post(f"/session/{timestamp}/prompts", json=prompts).raise_for_status()
                api.post(f"/notifications/{told['id']}/ack").raise_for_status()
                return
            sleep(0.2)
