"""A real server on a free port, and a client that speaks HTTP to it."""

import threading
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from storyloom.api.application import create_app
from storyloom.settings import Settings

Json = dict[str, Any]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a server with a data directory of its own."""
    data_dir: Path = tmp_path_factory.mktemp("data")
    app = create_app(Settings(data_dir=data_dir, system_fonts=False))
    running = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning"))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.01)
    port = running.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=20)


@pytest.fixture
def client(server: str) -> Generator[httpx2.Client]:
    with httpx2.Client(base_url=server, timeout=30) as client:
        yield client


@pytest.fixture
def finish(client: httpx2.Client) -> Callable[[httpx2.Response], Json]:
    """Polls an accepted job until it has ended."""

    def wait(accepted: httpx2.Response) -> Json:
        assert accepted.status_code == 202, accepted.text
        deadline = time.monotonic() + 50
        while time.monotonic() < deadline:
            job: Json = client.get(accepted.json()["poll_url"]).json()
            if job["status"] not in {"pending", "processing"}:
                return job
            time.sleep(0.02)
        pytest.fail("the job did not end")

    return wait
