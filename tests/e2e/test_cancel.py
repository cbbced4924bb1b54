"""A job that hangs in a call is cancelled: its connection is closed, and no crash brings it back."""

import signal
import socket
import sqlite3
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import psycopg
import pytest

from tests.databases import PostgresServer
from tests.e2e.models import CODE
from tests.forked import Forked, forked
from tests.servers import environment, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
WITHIN_S = 2.0
LONG_S = 60.0
_ENDED = "SELECT status FROM {}workflow_status WHERE workflow_uuid = {}"


class Hanging:
    """A model server that takes requests, and never answers."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.asked = 0
        self.let_go = 0
        self._lock = threading.Lock()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def settings(self) -> dict[str, str]:
        url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        return {"GOOGLE_API_KEY": "key", "GOOGLE_GEMINI_BASE_URL": url}

    def close(self) -> None:
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._hang, args=[connection], daemon=True).start()

    def _hang(self, connection: socket.socket) -> None:
        with connection:
            has_asked = bool(connection.recv(65536))
            with self._lock:
                self.asked += has_asked
            try:
                while connection.recv(65536):
                    pass
            except OSError:
                pass
            with self._lock:
                self.let_go += 1


@pytest.fixture
def model() -> Generator[Hanging]:
    hanging = Hanging()
    yield hanging
    hanging.close()


@contextmanager
def working(folder: Path, settings: dict[str, str]) -> Generator[Forked]:
    arguments = ["work", "--data-dir", str(folder / "worker")]
    worker = forked("storyloom", arguments, environment(**settings), folder / "worker.log")
    try:
        yield worker
    finally:
        worker.kill()
        worker.wait(timeout=30)


def until(is_so: Callable[[], bool], within_s: float = LONG_S) -> float:
    """How many seconds it took."""
    started = monotonic()
    while not is_so():
        assert monotonic() - started < within_s, "it took too long"
        sleep(0.01)
    return monotonic() - started


def hanging_job(url: str, model: Hanging) -> str:
    accepted = httpx2.post(f"{url}/storyboard/code", json=CODE, timeout=LONG_S)
    until(lambda: model.asked == 1)
    return str(accepted.json()["job_id"])


def cancelled(url: str, job_id: str) -> None:
    answer = httpx2.post(f"{url}/v1/jobs/{job_id}/cancel", timeout=LONG_S)

    assert (answer.status_code, answer.json()["status"]) == (200, "canceled"), answer.text


def assert_it_stays_so(url: str, job_id: str) -> None:
    """By all routes, and the documented one knows two ends."""
    work: dict[str, Any] = httpx2.get(f"{url}/v1/jobs/{job_id}", timeout=LONG_S).json()
    polled = httpx2.get(f"{url}/storyboard/jobs/{job_id}", timeout=LONG_S).json()
    cancelled(url, job_id)  # again is no error

    assert work["status"] == "canceled"
    assert (work["cost"]["calls"], work["cost"]["usd"]) == (1, None), "nobody knows what it cost"
    assert (polled["status"], polled["error_code"]) == ("failed", "cancelled")
    assert polled["error_message"] == "The job was cancelled on request."


def test_in_one_process(model: Hanging, tmp_path: Path) -> None:
    data = tmp_path / "data"

    def has_ended() -> bool:
        with sqlite3.connect(data / "storyloom.sqlite", timeout=30) as database:
            row = database.execute(_ENDED.format("", "?"), [job_id]).fetchone()
        return row[0] not in {"PENDING", "ENQUEUED"}

    with running(data, **model.settings) as server:
        job_id = hanging_job(server.url, model)
        cancelled(server.url, job_id)
        assert until(lambda: model.let_go == 1, WITHIN_S) < WITHIN_S
        server.stop(signal.SIGKILL)
    with running(data, **model.settings) as server:
        until(has_ended)
        assert_it_stays_so(server.url, job_id)

    assert model.asked == 1


def test_with_workers_apart(
    model: Hanging, tmp_path: Path, postgres_server: PostgresServer
) -> None:
    settings = {**model.settings, "DATABASE_URL": postgres_server.new_database()}

    def has_ended(job_id: str) -> bool:
        with psycopg.connect(settings["DATABASE_URL"]) as database:
            row = database.execute(_ENDED.format("dbos.", "%s"), [job_id]).fetchone()
        return row is not None and row[0] not in {"PENDING", "ENQUEUED"}

    with running(tmp_path / "api", "--no-worker", **settings) as api:
        with working(tmp_path, settings) as worker:
            first = hanging_job(api.url, model)
            cancelled(api.url, first)
            assert until(lambda: model.let_go == 1, WITHIN_S) < WITHIN_S
            until(lambda: has_ended(first))
            # The next one dies with its worker, and is cancelled before another takes it up.
            model.asked = 0
            second = hanging_job(api.url, model)
            worker.kill()
            worker.wait(timeout=30)
            cancelled(api.url, second)
        with working(tmp_path, settings):
            until(lambda: has_ended(second))
        for job_id in (first, second):
            assert_it_stays_so(api.url, job_id)

    assert model.asked == 1
