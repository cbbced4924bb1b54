"""A program that works for long: it can be ended at any moment, and leaves nothing running."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

_SAID_LENGTH = 500
# Begins a program that the system kills when whoever asked for it is killed: PR_SET_PDEATHSIG is 1,
# and outlives `exec`. It counts from then on, so the parent is looked at afterwards.
_TIED = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 9, 0, 0, 0)
if os.getppid() == int(sys.argv[1]):
    try:
        os.execv(sys.argv[2], sys.argv[2:])
    except OSError as fault:
        sys.exit(str(fault))
"""


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended, and the last that it said."""

    code: int
    said: str
    late: bool  #: it was killed for its time


class Program:
    """A program in a process group of its own, which is given no input."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        """Take the environment that it is run in."""
        self._environment = environment
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def run(self, arguments: Sequence[str], folder: Path, within_s: float) -> Ended:
        """Run it to its end; blocks, so call it in a thread. Raises `OSError` when it cannot begin."""
        process = self._begun(arguments, folder)
        try:
            _, errors = process.communicate(timeout=within_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            _, errors = process.communicate()
            return Ended(process.returncode, _last_words(errors), late=True)
        return Ended(process.returncode, _last_words(errors), late=False)

    def stop(self) -> None:
        """End it and all that it has started; it will not begin any more."""
        with self._lock:
            self._is_stopped = True
            if self._process is not None and self._process.poll() is None:
                _kill(self._process)

    def _begun(self, arguments: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._is_stopped:
                raise InterruptedError
            self._process = subprocess.Popen(  # noqa: S603 - a list, of which an operator chooses the program
                [*_tied(), *arguments],
                cwd=folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
            return self._process


def _tied() -> list[str]:
    """What a command is begun by, whose thread waits for it and outlives it."""
    if sys.platform != "linux":  # pragma: no cover - elsewhere it works to its end
        return []
    return [sys.executable, "-I", "-S", "-c", _TIED, str(os.getpid())]


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":  # pragma: no cover - no groups there
        process.kill()
        return
    with suppress(ProcessLookupError):  # it may end in this very moment
        os.killpg(process.pid, signal.SIGKILL)


def _last_words(errors: bytes) -> str:
    words = " ".join(errors[-4 * _SAID_LENGTH :].decode("utf-8", "replace").split())
    return "".join(char for char in words if char.isprintable())[-_SAID_LENGTH:]
