"""`serve`: real processes, so few tests."""

import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest

from storyloom.cli.serving import bind
from storyloom.errors import Conflict, Misconfigured
from storyloom.settings import Settings
from tests.cli.conftest import Run
from tests.measuring import measured
from tests.servers import Running, launched, running


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Running]:
    with running(tmp_path_factory.mktemp("first") / "data", **measured()) as started:
        yield started


def test_it_says_where_it_is(server: Running) -> None:
    said = server.said

    assert httpx2.get(f"{server.url}/readyz").json()["status"] == "ready"
    assert f"Studio {server.url}\n" in said
    assert f"{server.url}/docs" in said
    assert str(server.data_dir) in said


def test_a_second_one_on_the_same_folder_is_refused(server: Running) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "storyloom", "serve", "--port", "0", "--data-dir", server.data_dir],
        capture_output=True,
        check=False,
        timeout=50,
        text=True,
    )

    assert second.returncode == 5
    assert second.stderr.count("\n") == 1
    assert (
        f"is in use by the server at {server.url} (process {server.process.pid})" in second.stderr
    )


def test_the_same_port_and_folder_tells_of_the_folder(run: Run, server: Running) -> None:
    port = server.url.rpartition(":")[2]

    result = run("serve", "--port", port, "--data-dir", str(server.data_dir))

    assert result.exit_code == 5
    assert f"is in use by the server at {server.url}" in result.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_gracefully(tmp_path: Path, number: int) -> None:
    with launched(tmp_path / "data", "--log-level", "debug") as server:
        httpx2.get(f"{server.url}/healthz")

        assert server.stop(number) == 0
    said = server.said
    assert "Storyloom has stopped." in said
    assert "Traceback" not in said
    assert "GET /healthz" in said
    assert not (tmp_path / "data" / "server.json").exists()


def test_a_port_that_is_taken_is_told(run: Run, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        result = run("serve", "--port", str(port))

    assert result.exit_code == 5
    assert result.stderr == (
        f"storyloom: Port {port} on 127.0.0.1 is taken by another program. "
        "Choose another with --port or STORYLOOM_PORT; 0 takes any free one.\n"
    )


@pytest.mark.parametrize(
    ("host", "kind"), [("203.0.113.1", Misconfigured), ("no such host", Misconfigured)]
)
def test_an_address_that_is_not_ours_is_told(host: str, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=f"cannot listen on {host}"):
        bind(Settings.load(host=host, port=0))


def test_the_new_address_family_is_known() -> None:
    try:
        with bind(Settings.load(host="::1", port=0)) as listener:
            assert listener.family == socket.AF_INET6
    except (Misconfigured, Conflict):
        pytest.skip("this machine has no IPv6")


def test_an_address_that_others_can_reach_lets_nobody_in_without_a_key(tmp_path: Path) -> None:
    with launched(tmp_path / "data", "--host", "0.0.0.0") as server:  # noqa: S104 - the point of it
        said = server.said
        port = server.url.rpartition(":")[2]
        answer = httpx2.get(f"http://127.0.0.1:{port}/storyboard/jobs")
        health = httpx2.get(f"http://127.0.0.1:{port}/healthz")

    assert "there are no keys, so every call is refused" in said
    assert (answer.status_code, health.status_code) == (401, 200)
