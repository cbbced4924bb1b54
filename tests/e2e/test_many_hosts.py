"""An API and a worker that share nothing but PostgreSQL and a bucket, as on two hosts."""

import json
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from urllib.request import Request, urlopen

import pytest

from tests.buckets import buckets_running
from tests.databases import PostgresServer
from tests.measuring import measured
from tests.servers import environment, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


@contextmanager
def _working(folder: Path, settings: dict[str, str]) -> Generator[None]:
    """A worker; SIGTERM stops it in the end."""
    with (folder / "worker.log").open("wb") as log:
        worker = subprocess.Popen(
            [sys.executable, "-m", "storyloom", "work", "--data-dir", folder / "worker"],
            stderr=log,
            env=environment(**settings, **measured()),
        )
    try:
        yield
    finally:
        worker.terminate()
        assert worker.wait(timeout=40) == 0, (folder / "worker.log").read_text("utf-8")


def _answer(url: str, body: dict[str, str] | None = None) -> bytes:
    data = None if body is None else json.dumps(body).encode()
    request = Request(url, data, {"Content-Type": "application/json"})  # noqa: S310 - our server
    with urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        return answer.read()


def test_what_one_host_draws_another_serves(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    with buckets_running() as buckets:
        bucket = buckets.new_bucket()
        settings = {
            **buckets.environment,
            "DATABASE_URL": postgres_server.new_database(),
            "STORYLOOM_IMAGES_URL": f"s3://{bucket}/boards",
        }
        with (
            running(tmp_path / "api", "--no-worker", **settings, **measured()) as api,
            _working(tmp_path, settings),
        ):
            accepted = json.loads(
                _answer(
                    f"{api.url}/storyboard/code",
                    {"file_content": "def payback(cost, gain): ...", "file_name": "roi.py"},
                )
            )
            job = {"status": "pending"}
            while job["status"] in {"pending", "processing"}:
                sleep(0.2)
                job = json.loads(_answer(f"{api.url}{accepted['poll_url']}"))
            picture = _answer(f"{api.url}{accepted['poll_url']}/image?format=svg")
            ready = json.loads(_answer(f"{api.url}/readyz"))

        kept = sorted(buckets.keys(bucket))

    assert job["status"] == "completed", job
    assert picture.startswith(b"<svg")
    assert ready["checks"]["images"] == "ok"
    assert [key.split("/")[:2] for key in kept] == [
        ["boards", "art"],
        ["boards", "health"],
        ["boards", "pictures"],
        ["boards", "pictures"],
    ]
    assert not list((tmp_path / "worker").glob("images/*"))
