"""Killed after something happened and before it was told: the log says what the rows say, each once."""

from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.databases import redis_running
from tests.e2e.runs import beats_of, ended, saved, started
from tests.e2e.test_paid_once import DyingServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
CODE = {"file_content": "x = 1\n", "file_name": "x.py", "format": "square"}
SETTINGS = {"STORYLOOM_NVIDIA_SMI": "none", "STORYLOOM_SWARMUI_URL": "http://127.0.0.1:9"}
Json = dict[str, Any]


@contextmanager
def dying(folder: Path, **more: str) -> Generator[DyingServer]:
    server = DyingServer(folder, SETTINGS | more)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.wait()


def killed(server: DyingServer, moment: str, act: Callable[[], object]) -> None:
    """Do what is told of at that moment, and start the server again."""
    server.die_after(f"tell {moment}")
    with suppress(httpx2.TransportError):
        act()
    server.wait_for_the_end()
    server.start_again()


def told(server: DyingServer, type_: str) -> list[Json]:
    query = {"after": 0, "type": type_, "limit": 1000}
    return httpx2.get(f"{server.url}/v1/events", params=query, timeout=60).json()["data"]


def held(server: DyingServer, type_: str, what: Callable[[Json], Any], truth: Counter[Any]) -> None:
    """Wait until events of this type tell the truth, and look whether they still do a little later."""
    end = monotonic() + 60
    while len(told(server, type_)) < truth.total():
        assert monotonic() < end, (type_, told(server, type_), truth)
        sleep(0.1)
    sleep(0.5)
    assert Counter(map(what, told(server, type_))) == truth


def subject_of(event: Json) -> str:
    return event["subject"]["id"]


def _picture(event: Json) -> str | None:
    """The picture that was made; nothing where one was begun."""
    return event["data"]["shot"] if event["data"]["status"] == "done" else None


def sessions(server: DyingServer) -> set[str]:
    answer = httpx2.get(f"{server.url}/api/v1/session/list", timeout=60).json()
    return {str(one["timestamp"]) for one in answer["sessions"]}


def notifications(server: DyingServer) -> Counter[str]:
    answer = httpx2.get(f"{server.url}/api/v1/notifications/check?type=all", timeout=60).json()
    return Counter(one["id"] for one in answer["notifications"])


def test_what_a_row_says_is_told(tmp_path: Path) -> None:
    with dying(tmp_path) as server:
        killed(
            server,
            "job.accepted",
            lambda: httpx2.post(f"{server.url}/storyboard/code", json=CODE, timeout=60),
        )
        killed(server, "notification.created", lambda: saved(server.url, beats_of(2)))
        run_id = started(server.url, saved(server.url, beats_of(2)), backend="frames")
        killed(server, "run.shot", lambda: ended(server.url, run_id))
        run = ended(server.url, run_id)

        jobs = httpx2.get(f"{server.url}/v1/jobs", timeout=60).json()["data"]
        assert {job["kind"] for job in jobs} == {"code_to_storyboard", "story_run"}
        held(server, "job.accepted", subject_of, Counter(job["id"] for job in jobs))
        held(server, "job.completed", subject_of, Counter(job["id"] for job in jobs))
        made = Counter({shot["id"]: len(shot["versions"]) for shot in run["shots"]})
        assert made.total() == 2
        held(server, "run.shot", _picture, made + Counter({None: made.total()}))
        assert [event["data"] for event in told(server, "run.shots")] == [{"added": 2}]
        changed = told(server, "session.changed")
        assert {event["subject"]["id"] for event in changed} == sessions(server)
        held(server, "notification.created", subject_of, notifications(server))


def test_what_is_kept_in_redis_is_told(tmp_path: Path) -> None:
    with (
        redis_running(append_only=True) as redis,
        dying(tmp_path, REDIS_URL=redis.url) as server,
    ):
        killed(server, "notification.created", lambda: saved(server.url, beats_of(2)))

        (kept,) = notifications(server)
        held(server, "notification.created", subject_of, Counter([kept]))
        killed(server, "session.changed", lambda: saved(server.url, beats_of(1)))
        held(server, "session.changed", subject_of, Counter(sessions(server)))
