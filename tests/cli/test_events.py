"""`storyloom events`, `queues` and `jobs cost`, against a whole server."""

import json
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from storyloom.jobs.schemas import QueueState
from tests.cli.conftest import Run, json_of
from tests.servers import running


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    with running(tmp_path_factory.mktemp("server") / "data") as server:
        yield server.url


def test_a_job_is_followed_to_its_end(run: Run, url: str, source: Path) -> None:
    there = ("--server", url)
    made = json_of(run("code", str(source), "--json", *there))
    job_id = made["storyboards"][0]["job_id"]

    followed = run("events", "follow", job_id, "--after", "0", *there)
    as_json = run("events", "follow", job_id, "--after", "0", "--json", *there)
    listed = run("events", "list", *there)
    page = json_of(run("events", "list", "--limit", "1", "--json", *there))
    cost = run("jobs", "cost", job_id, *there)

    first, *events = followed.stdout.splitlines()
    assert first == "snapshot\tsucceeded"
    assert events[-1].split("\t")[2:] == ["job.completed", job_id]
    assert json.loads(as_json.stdout.splitlines()[0])["type"] == "snapshot"
    assert json.loads(as_json.stdout.splitlines()[-1])["type"] == "job.completed"
    assert events[-1] in listed.stdout
    assert (len(page["data"]), page["next_after"]) == (1, page["data"][0]["seq"])
    assert cost.stdout == "$0 for 0 calls to models\n"
    assert json_of(run("jobs", "cost", job_id, "--json", *there))["calls"] == 0
    assert run("events").stdout.startswith("Usage")


class _Cut(BaseHTTPRequestHandler):
    """Breaks the first stream in its middle, and ends the next one."""

    asked: ClassVar[list[str | None]] = []

    def do_GET(self) -> None:
        is_first = not self.asked
        self.asked.append(self.headers["Last-Event-ID"])
        told = b'id: 4\nevent: snapshot\ndata: {"status":"running"}\n\n'
        if not is_first:
            told += b'event: end\ndata: {"reason":"job_ended"}\n\n'
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Length", str(len(told) + is_first))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


def test_a_job_is_followed_across_broken_connections(run: Run) -> None:
    with HTTPServer(("127.0.0.1", 0), _Cut) as server:
        serving = Thread(target=server.serve_forever)
        serving.start()
        told = run("events", "follow", "j", "--server", f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
        serving.join()

    assert (told.exit_code, told.stdout) == (0, "snapshot\trunning\n")
    assert _Cut.asked == [None, "4"]


def test_queues_are_held_and_let_go(run: Run, url: str) -> None:
    there = ("--server", url)

    paused = run("queues", "pause", "storyboards", *there)
    listed = run("queues", "list", *there)
    resumed = json_of(run("queues", "resume", "storyboards", "--json", *there))
    queues = json_of(run("queues", "list", "--json", *there))["data"]

    assert paused.stdout == "storyboards\tpaused\n"
    assert "paused" in listed.stdout
    assert not resumed["paused"]
    assert "storyboards" in [QueueState.model_validate(one).name for one in queues]
    assert run("queues").stdout.startswith("Usage")
