"""Kill the server at every step, again and again: no accepted job is lost, no finished step redone.

What the engine had recorded at the moment of each kill is read from its own table, so that "redone"
is not a matter of opinion: a step that stands there must never begin again.
"""

import os
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import closing
from pathlib import Path

import httpx2
import pytest

from tests.counting import Recorder
from tests.forked import Forked, forked
from tests.servers import environment

JOBS = 50
STEPS = ("understand", "illustrate", "draw", "archive")
# Each step once; `make chaos` kills at each of them twice.
ROUNDS = 2 if os.environ.get("CHAOS") else 1  # noqa: TID251


class CrashingServer:
    """Starts the server, kills it, and reads what it left behind."""

    def __init__(self, folder: Path) -> None:
        self.data_dir = folder / "data"
        self.log = folder / "steps.log"
        self.log.touch()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: Forked | None = None

    def start(self) -> None:
        arguments = [str(self.data_dir), str(self.port), str(self.log)]
        said = self.data_dir.with_suffix(".log")
        self.process = forked("tests.e2e.crashing_server", arguments, environment(), said)
        until(self.answers, 120, every_s=0.05)

    def answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, "the server has ended by itself"
        try:
            return httpx2.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False

    def kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def begun(self) -> list[tuple[str, str]]:
        return [(call.step, call.source) for call in Recorder(self.log, 0).calls()]

    def recorded(self) -> set[tuple[str, str]]:
        """The steps whose results are safe, as (step, source)."""
        query = """
            SELECT steps.function_name, json_extract(jobs.input_params, '$.file_name')
            FROM operation_outputs AS steps JOIN storyboard_jobs AS jobs
            ON jobs.id = steps.workflow_uuid WHERE steps.output IS NOT NULL
        """
        with closing(sqlite3.connect(self.data_dir / "storyloom.sqlite")) as database:
            return {(step, name.removesuffix(".py")) for step, name in database.execute(query)}


def until(condition: Callable[[], bool], seconds: float, *, every_s: float = 0.005) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it took too long"
        time.sleep(every_s)


@pytest.fixture
def server(tmp_path: Path) -> Generator[CrashingServer]:
    server = CrashingServer(tmp_path)
    yield server
    if server.process is not None:
        server.process.kill()
        server.process.wait()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_fifty_of_fifty_jobs_survive_being_killed_at_every_step(server: CrashingServer) -> None:
    server.start()
    accepted = [submit(server, number) for number in range(JOBS)]
    kills: list[tuple[set[tuple[str, str]], int]] = []

    for step in STEPS * ROUNDS:
        mark = len(server.begun()), len(server.recorded())
        until(lambda step=step, mark=mark: reached(server, step, mark), 60)
        server.kill()
        kills.append((server.recorded(), len(server.begun())))
        server.start()
    until(lambda: all_ended(server, accepted), 240)

    ended = [httpx2.get(f"{server.url}{url}").json() for url in accepted]
    sources = {f"source{number}" for number in range(JOBS)}
    redone = [safe & set(server.begun()[mark:]) for safe, mark in kills]
    assert sum(job["status"] == "completed" for job in ended) == JOBS
    assert all(job["result_image"] for job in ended)
    assert redone == [set[tuple[str, str]]()] * len(STEPS) * ROUNDS
    assert {source for step, source in server.recorded() if step == "draw"} == sources


def submit(server: CrashingServer, number: int) -> str:
    body = {"file_content": "x = 1", "file_name": f"source{number}.py", "format": "square"}
    answer = httpx2.post(f"{server.url}/storyboard/code", json=body)
    assert answer.status_code == 202
    url: str = answer.json()["poll_url"]
    return url


def reached(server: CrashingServer, step: str, mark: tuple[int, int]) -> bool:
    """Whether the step has begun since the mark; the archiving begins when a drawing is recorded."""
    if step == "archive":
        return any(done == "draw" for done, _ in server.recorded()) and (
            len(server.recorded()) > mark[1]
        )
    return any(begun == step for begun, _ in server.begun()[mark[0] :])


def all_ended(server: CrashingServer, urls: list[str]) -> bool:
    time.sleep(0.2)
    answer = httpx2.get(f"{server.url}/storyboard/jobs", params={"limit": 200}).json()["jobs"]
    ended = [job for job in answer if job["status"] in {"completed", "failed"}]
    return len(ended) == len(urls)
