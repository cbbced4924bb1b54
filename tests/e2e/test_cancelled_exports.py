"""An export that is being made is cancelled: its program ends, and no crash brings it back."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import httpx2
import pytest

from tests.databases import PostgresServer
from tests.e2e.test_cancel import working
from tests.ffmpeg import stand_in
from tests.servers import running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
RUNS = "/api/v1/automation/runs"
LONG_S = 60.0
#: What is promised is two seconds; a busy machine may take longer.
BOUND_S = 10.0
HANGS = "Path(noted / 'pid').write_text(str(os.getpid())); time.sleep(600)"


def until(is_so: Callable[[], bool], within_s: float = LONG_S) -> float:
    """How many seconds it took."""
    started = monotonic()
    while not is_so():
        assert monotonic() - started < within_s, "it took too long"
        sleep(0.01)
    return monotonic() - started


class Filming:
    """A film that is made for ever, by whoever has these settings."""

    def __init__(self, folder: Path) -> None:
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        self._pid = folder / "pid"
        program = stand_in(folder, more=HANGS)
        self.settings = {"STORYLOOM_FFMPEG": str(program), "TMPDIR": str(self.scratch)}

    def begun(self, client: httpx2.Client) -> tuple[str, dict[str, Any]]:
        """The address of a run's exports, and the job of a film that is being made of it."""
        run = client.post(RUNS, json={"script": "A ship sails."}).json()["pollUrl"]
        until(lambda: client.get(run).json()["status"] == "completed")
        client.post(f"{run}/exports", json={"formats": ["animatic"]})
        until(lambda: self._pid.exists() and bool(self._pid.read_text()))
        (job,) = client.get("/v1/jobs", params={"kind": "run_export"}).json()["data"]
        assert job["status"] == "running"
        return f"{run}/exports", job

    def has_ended(self) -> bool:
        try:
            os.kill(int(self._pid.read_text()), 0)
        except ProcessLookupError:
            return not any(self.scratch.glob("storyloom-*"))
        return False


def cancelled(client: httpx2.Client, job: dict[str, Any], filming: Filming) -> None:
    """Cancel it, and say how long it has taken to end."""
    asked = monotonic()
    answer = client.post(job["links"]["cancel"])
    assert (answer.status_code, answer.json()["status"]) == (200, "canceled"), answer.text
    until(filming.has_ended, BOUND_S)
    took_s = monotonic() - asked
    print(f"its program had ended {took_s:.2f} s after it was cancelled")  # noqa: T201 - to be read


def assert_it_stays_so(client: httpx2.Client, exports: str, job: dict[str, Any]) -> None:
    """In its row, by its file, and in the log, once."""
    (row,) = client.get(exports).json()["exports"]
    assert (row["status"], row["errorCode"]) == ("cancelled", "cancelled")
    assert client.get(row["url"]).json()["code"] == "export_failed"
    assert client.post(job["links"]["cancel"]).json()["status"] == "canceled"
    told = client.get("/v1/events", params={"after": 0, "subject": job["id"]}).json()["data"]
    assert [one["type"] for one in told] == ["job.accepted", "job.started", "job.cancelled"]


def test_in_one_process(tmp_path: Path) -> None:
    filming, data = Filming(tmp_path), tmp_path / "data"

    with running(data, **filming.settings) as server:
        with httpx2.Client(base_url=server.url, timeout=LONG_S) as client:
            exports, job = filming.begun(client)
            cancelled(client, job, filming)
        server.stop(signal.SIGKILL)
    with (
        running(data, **filming.settings) as server,
        httpx2.Client(base_url=server.url, timeout=LONG_S) as client,
    ):
        (tmp_path / "pid").unlink()
        sleep(1)  # whoever made it again would have begun by now
        assert_it_stays_so(client, exports, job)
        assert not (tmp_path / "pid").exists()


def test_with_workers_apart(tmp_path: Path, postgres_server: PostgresServer) -> None:
    filming = Filming(tmp_path)
    settings = filming.settings | {
        "DATABASE_URL": postgres_server.new_database(),
        "STORYLOOM_IMAGES_URL": (tmp_path / "images").as_uri(),
    }

    with (
        running(tmp_path / "api", "--no-worker", **settings) as api,
        httpx2.Client(base_url=api.url, timeout=LONG_S) as client,
    ):
        with working(tmp_path, settings):
            exports, job = filming.begun(client)
            cancelled(client, job, filming)
        assert_it_stays_so(client, exports, job)
