"""A real server in a process of its own, started as people start it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

START_LIMIT_S = 45


@dataclass
class Running:
    """A running server; `said` is its stderr so far."""

    process: subprocess.Popen[str]
    data_dir: Path
    url: str = ""
    said: list[str] = field(default_factory=list[str])

    def wait_until_ready(self) -> None:
        assert self.process.stderr is not None
        end = monotonic() + START_LIMIT_S
        for line in self.process.stderr:
            self.said.append(line)
            found = re.search(r"API +(http://\S+)", line)
            if found:
                self.url = found[1]
            if "Ctrl+C" in line:
                return
            assert monotonic() < end, self.said
        raise AssertionError(self.said)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=30)
        self.said.append(rest)
        return self.process.returncode


@contextmanager
def running(data_dir: Path, *more: str) -> Generator[Running]:
    """Start one at a free port, and stop it in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "storyloom", "serve", "--port", "0", "--data-dir", data_dir, *more],
        stderr=subprocess.PIPE,
        env={k: v for k, v in os.environ.items() if not k.startswith("STORYLOOM_")},  # noqa: TID251
        text=True,
    )
    server = Running(process, data_dir)
    try:
        server.wait_until_ready()
        yield server
    finally:
        if process.poll() is None:
            server.stop()
        assert process.stderr is not None
        process.stderr.close()
