"""A real server in a process of its own."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from storyloom.settings import Settings
from tests.forked import Forked, forked
from tests.measuring import measured

START_LIMIT_S = 120
Process = subprocess.Popen[bytes] | Forked


@dataclass
class Running:
    """A running server. Its stderr goes to a file: a pipe that nobody reads would stop it."""

    process: Process
    data_dir: Path
    log: Path
    url: str = ""

    @property
    def said(self) -> str:
        """All that it has written to stderr."""
        return self.log.read_text("utf-8")

    def wait_until_ready(self) -> None:
        end = monotonic() + START_LIMIT_S
        while "Ctrl+C" not in self.said:
            assert self.process.poll() is None, self.said
            assert monotonic() < end, self.said
            sleep(0.02)
        found = re.search(r"API +(http://\S+)", self.said)
        assert found is not None, self.said
        self.url = found[1]

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def environment(**settings: str) -> dict[str, str]:
    """Ours, with these settings and no others."""
    known = {Settings.variable(name) for name in Settings.model_fields}
    return {k: v for k, v in os.environ.items() if k not in known} | settings  # noqa: TID251


@contextmanager
def running(data_dir: Path, *more: str, **settings: str) -> Generator[Running]:
    """Start one at a free port, and stop it in the end.

    With `**measured()` among the settings, its coverage counts.
    """
    arguments, log = _order(data_dir, more)
    # Coverage begins with the interpreter, so a fork comes too late for it.
    start = _launched if settings.keys() & measured().keys() else _forked
    yield from _while_it_runs(
        Running(start(arguments, environment(**settings), log), data_dir, log)
    )


@contextmanager
def launched(data_dir: Path, *more: str, **settings: str) -> Generator[Running]:
    """The same, started as people start it: from nothing."""
    arguments, log = _order(data_dir, more)
    process = _launched(arguments, environment(**settings), log)
    yield from _while_it_runs(Running(process, data_dir, log))


def _order(data_dir: Path, more: Sequence[str]) -> tuple[list[str], Path]:
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    log = data_dir.with_suffix(".log")
    log.write_bytes(b"")
    return ["serve", "--port", "0", "--data-dir", str(data_dir), *more], log


def _forked(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    return forked("storyloom", arguments, environment, log)


def _launched(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Process:
    with log.open("ab") as stderr:
        command = [sys.executable, "-m", "storyloom", *arguments]
        return subprocess.Popen(command, stderr=stderr, env=environment)


def _while_it_runs(server: Running) -> Generator[Running]:
    try:
        server.wait_until_ready()
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()
