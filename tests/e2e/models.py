"""What a good model answers to the document's examples, and how a server is asked for a storyboard."""

import time
from typing import Any

import httpx2

from tests.servers import Running

LONG_S = 90
CODE: dict[str, Any] = {
    "file_content": "def calculate_roi(cost, gain):\n"
    '    """Return on investment of a job, as a share of its cost."""\n'
    "    return (gain - cost) / cost\n",
    "file_name": "calculator.py",
    "icp_preset": "coperniq_mep",
    "stage": "preview",
    "audience": "c_suite",
}
UNDERSTANDING = {
    "headline": "Know the return before you sign",
    "what_it_does": "Works out what a job gives back for what it costs.",
    "business_value": "Will show which work pays off before money is spent on it.",
    "who_benefits": "Executives who approve work, and the estimators who answer to them.",
    "differentiator": "One plain rule for every job, so that all of them can be compared.",
    "pain_point_addressed": "Returns are guessed at in spreadsheets that nobody shares.",
    "suggested_icon": "calculator",
}
ANSWER = {
    **UNDERSTANDING,
    "evidence": [
        {"field": "headline", "first_line": 1, "last_line": 3},
        {"field": "what_it_does", "first_line": 1, "last_line": 3},
    ],
}


def submit(server: Running, path: str = "/storyboard/code", **body: Any) -> str:
    """Ask for a storyboard; the path at which it is polled."""
    answer = httpx2.post(f"{server.url}{path}", json=body or CODE, timeout=LONG_S)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["poll_url"])


def ended(server: Running, path: str) -> dict[str, Any]:
    """The job, once it has ended."""
    end = time.monotonic() + LONG_S
    while True:
        job: dict[str, Any] = httpx2.get(f"{server.url}{path}", timeout=LONG_S).json()
        if job["status"] not in {"pending", "processing"}:
            return job
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.02)


def made(server: Running, path: str = "/storyboard/code", **body: Any) -> dict[str, Any]:
    """Ask for a storyboard, and wait for it."""
    return ended(server, submit(server, path, **body))
