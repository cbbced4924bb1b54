"""A real server in a process of its own, started as people start it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from storyloom.settings import Settings

START_LIMIT_S = 120


@dataclass
class Running:
    """A running server. Its stderr goes to a file: a pipe that nobody reads would stop it."""

    process: subprocess.Popen[bytes]
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
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    log = data_dir.with_suffix(".log")
    arguments = ["-m", "storyloom", "serve", "--port", "0", "--data-dir", str(data_dir), *more]
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, *arguments],
            stderr=stderr,
            env=environment(**settings),
        )
    server = Running(process, data_dir, log)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if process.poll() is None:
            server.stop()
