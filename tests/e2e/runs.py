"""Runs over HTTP: what the tests of a real server have in common."""

from collections.abc import Sequence
from time import monotonic, sleep
from typing import Any

import httpx2

RUNS = "/api/v1/automation/runs"
LONG_S = 300
Json = dict[str, Any]
#: Small pictures, where nobody looks at them.
SMALL = {"width": 64, "height": 64}


def beats_of(count: int, *, prompted: bool = True) -> Sequence[Json]:
    """Beats with a prompt each, or with none."""
    names = [f"b{number}" for number in range(1, count + 1)]
    prompts = [
        {"prompts": {"cinematic": {"prompt": f"A picture of {name}", **SMALL}}} if prompted else {}
        for name in names
    ]
    return [{"beatId": name} | more for name, more in zip(names, prompts, strict=True)]


def saved(url: str, beats: Sequence[Json], **fields: Any) -> int:
    """The timestamp of a session with these beats."""
    body = {"analyzedEpisode": {"beats": beats}} | fields
    answer = httpx2.post(f"{url}/api/v1/session/save", json=body, timeout=60)
    answer.raise_for_status()
    return answer.json()["sessionTimestamp"]


def started(url: str, timestamp: int, **config: Any) -> str:
    """The id of a run of this session."""
    body = {"sessionTimestamp": timestamp, "config": config}
    answer = httpx2.post(url + RUNS, json=body, timeout=60)
    assert answer.status_code == 202, answer.text
    return answer.json()["runId"]


def shown(url: str, run_id: str) -> Json:
    """The run as it is now."""
    return httpx2.get(f"{url}{RUNS}/{run_id}", timeout=60).json()


def ended(url: str, run_id: str, *, within_s: float = LONG_S, every_s: float = 0.1) -> Json:
    """The run, once it has ended."""
    end = monotonic() + within_s
    while (run := shown(url, run_id))["status"] in {"pending", "processing"}:
        assert monotonic() < end, run
        sleep(every_s)
    return run
