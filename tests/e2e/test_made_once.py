"""Killed after a job was accepted and before the answer was kept: asked again, it is the same job."""

import time
from pathlib import Path

import httpx2
import pytest

from tests.e2e.test_paid_once import DyingServer

KEY = {"Idempotency-Key": "9a1c5d6e"}
CODE = {"file_content": "x = 1\n", "file_name": "x.py", "format": "square"}
SETTINGS = {"STORYLOOM_NVIDIA_SMI": "none", "STORYLOOM_SWARMUI_URL": "http://127.0.0.1:9"}


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/storyboard/code", CODE),
        ("/api/v1/automation/runs", {"script": "A ship sails at night."}),
    ],
)
def test_a_job_is_made_once_though_its_answer_is_lost(
    path: str, body: dict[str, str], tmp_path: Path
) -> None:
    server = DyingServer(tmp_path, SETTINGS)
    try:
        server.die_after("keep")
        with pytest.raises(httpx2.TransportError):
            httpx2.post(server.url + path, json=body, headers=KEY, timeout=60)
        server.wait_for_the_end()
        server.start_again()
        other = httpx2.post(server.url + path, json=body | {"title": "x"}, headers=KEY)
        answers = [answered(server, path, body) for _ in range(2)]
        kept = httpx2.get(server.url + path.replace("/code", "/jobs")).json()
    finally:
        server.process.kill()
        server.process.wait()

    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    assert [answer.headers.get("Idempotency-Replayed") for answer in answers] == [None, "true"]
    (jobs,) = kept.values()
    assert len(jobs) == 1
    assert answers[0].headers["Location"].endswith(jobs[0].get("job_id") or jobs[0]["runId"])


def answered(server: DyingServer, path: str, body: dict[str, str]) -> httpx2.Response:
    """Ask until the claim of the dead process has ended."""
    end = time.monotonic() + 60
    while True:
        answer = httpx2.post(server.url + path, json=body, headers=KEY, timeout=60)
        if answer.status_code != 409:
            return answer
        assert answer.json()["code"] == "idempotency_in_flight"
        assert time.monotonic() < end, "it took too long"
        time.sleep(float(answer.headers["Retry-After"]) / 4)
