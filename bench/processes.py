"""Servers in processes of their own."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import environment

READY = "ready "


@contextmanager
def serving(
    module: str, *arguments: str | Path, **settings: str
) -> Generator[tuple[subprocess.Popen[str], str]]:
    """Start `python -m module` with these variables, wait for its line `ready …`, stop it."""
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        text=True,
        env=environment(**settings),
    )
    try:
        yield process, _told(process)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _told(process: subprocess.Popen[str]) -> str:
    for line in process.stdout or ():
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
    raise SystemExit("The server did not start.")


@contextmanager
def storyloom_serve(data_dir: str) -> Generator[tuple[subprocess.Popen[str], int]]:
    """Start a server as people do, and give its port."""
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "storyloom", "serve", "--port", "0", "--data-dir", data_dir],
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(process.stderr or ())
        address = next(line for line in lines if line.split()[:1] == ["API"])
        yield process, int(address.rpartition(":")[2])
    finally:
        process.terminate()
        process.communicate(timeout=30)


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_mib(pid: int) -> float:
    """The memory that a process holds."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("The kernel tells no memory.")
