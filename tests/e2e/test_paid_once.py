"""Killed after each step and after each write of the ledger: no answer is paid for twice."""

import os
import signal
import socket
import time
from collections.abc import Generator
from pathlib import Path

import httpx2
import pytest

from tests.e2e.models import ANSWER, CODE
from tests.forked import Forked, forked
from tests.providers.server import Providers, providers_in_process
from tests.servers import environment

MOMENTS = (
    "open understand_code",
    "close understand_code",
    "step understand",
    "open illustrate",
    "close illustrate",
    "step illustrate",
    "step draw",
)
# `make chaos` goes through all of them.
SHORT = ("close understand_code", "open illustrate", "close illustrate")


class DyingServer:
    """A server that dies when it is told to, and is started again."""

    def __init__(self, folder: Path, settings: dict[str, str]) -> None:
        self._file = folder / "moment"
        self._data_dir = folder / "data"
        self._settings = settings
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}"
        self.process = self._started()

    def die_after(self, moment: str) -> None:
        self._file.write_text(moment, "utf-8")

    def wait_for_the_end(self) -> None:
        assert self.process.wait(timeout=120) == -signal.SIGKILL
        assert not self._file.exists()

    def start_again(self) -> None:
        self.process = self._started()

    def _started(self) -> Forked:
        arguments = [str(self._data_dir), str(self._port), str(self._file)]
        log = self._file.with_suffix(".log")
        process = forked("tests.e2e.dying_server", arguments, environment(**self._settings), log)
        end = time.monotonic() + 120
        while process.poll() is None and not self._answers():
            if time.monotonic() > end:
                process.kill()
            time.sleep(0.05)
        assert process.poll() is None, log.read_text("utf-8")
        return process

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except httpx2.TransportError:
            return False


@pytest.fixture
def providers() -> Generator[Providers]:
    with providers_in_process() as served:
        yield served


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_an_answer_is_paid_once_whenever_the_worker_is_killed(
    providers: Providers, tmp_path: Path
) -> None:
    moments = MOMENTS if os.environ.get("CHAOS") else SHORT  # noqa: TID251
    key = providers.new_key()
    server = DyingServer(tmp_path, providers.settings(key))
    charges: dict[str, tuple[int, int]] = {}
    try:
        for number, moment in enumerate(moments):
            before = providers.charges(key)
            server.die_after(moment)
            # Another source and another subject each time, or what the job before was given would do.
            again = "again and " * number
            told = f"Works out {again}again what a job gives back for what it costs."
            providers.always(key, {**ANSWER, "what_it_does": told}, kind="text")
            source = CODE["file_content"] + f"# {'x' * number}\n"
            answer = httpx2.post(
                f"{server.url}/storyboard/code", json={**CODE, "file_content": source}, timeout=60
            )
            server.wait_for_the_end()
            server.start_again()
            assert ended(server, answer.json()["poll_url"]) == "completed"
            after = providers.charges(key)
            charges[moment] = (
                after["text"] - before["text"],
                after["picture"] - before["picture"],
            )
    finally:
        server.process.kill()
        server.process.wait()

    assert charges == dict.fromkeys(moments, (1, 1))


def ended(server: DyingServer, path: str) -> str:
    end = time.monotonic() + 120
    while True:
        status: str = httpx2.get(f"{server.url}{path}", timeout=60).json()["status"]
        if status not in {"pending", "processing"}:
            return status
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.05)
