"""A real server on a free port, and a client that speaks HTTP to it."""

import time
from collections.abc import Callable, Generator
from typing import Any

import httpx2
import pytest

from tests.measuring import measured
from tests.servers import running

Json = dict[str, Any]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[str]:
    """The address of a server in a process of its own, with a data directory of its own."""
    with running(tmp_path_factory.mktemp("server") / "data", **measured()) as server:
        yield server.url


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
