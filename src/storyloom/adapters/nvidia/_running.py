"""Running a program for what it prints, within a time and a size, and leaving nothing of it behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import IO

LIMIT_BYTES = 1 << 20
# What the system needs to end a program that was killed.
DYING_S = 1.0
_KILLED = -9
_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True)
class Printed:
    """How it ended and what it said."""

    code: int
    text: str
    late: bool  #: it was killed for its time
    cut: bool  #: it was killed for its size
    left: subprocess.Popen[bytes] | None = None  #: it was killed in vain

    @property
    def is_stuck(self) -> bool:
        """Whether it lives on though it was killed: a driver that hangs holds it."""
        return self.left is not None and self.left.poll() is None


def run(arguments: Sequence[str], environment: Mapping[str, str], within_s: float) -> Printed:
    """Run it, with its errors among its output; raises `OSError` when it cannot be begun.

    Blocks for a second or two longer at most: call it in a thread.
    """
    ends_at = monotonic() + within_s
    process = subprocess.Popen(  # noqa: S603 - a list, of which an operator chooses the program
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    )
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    output = _Output(process.stdout)
    late = not output.ends_within(within_s)
    # It is not waited for before its output has ended: until then its id stays its own, and so does
    # its group's, whoever of the group still lives.
    code = None if late or output.cut else _code_of(process, max(0.1, ends_at - monotonic()))
    late = late or (code is None and not output.cut)
    if code is None:
        kill(process)
        output.ends_within(DYING_S)  # whoever has left the group may hold it for ever
        code = _code_of(process, DYING_S)
    text = bytes(output.text[:LIMIT_BYTES]).decode("utf-8", "replace")
    if code is None:
        return Printed(_KILLED, text, late, output.cut, left=process)
    return Printed(code, text, late, output.cut)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill it and all that it has started in its group."""
    if sys.platform == "win32":  # pragma: no cover - no groups there
        process.kill()
        return
    with suppress(ProcessLookupError):  # it may end in this very moment
        os.killpg(process.pid, signal.SIGKILL)


class _Output:
    """What comes out of a pipe, read in a thread of its own: whoever waits for it can give up."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self.text = bytearray()
        self._pipe = pipe
        self._thread = Thread(target=self._read, name="nvidia-smi", daemon=True)
        self._thread.start()

    @property
    def cut(self) -> bool:
        """Whether there was too much of it."""
        return len(self.text) > LIMIT_BYTES

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end, or until it is too much."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    def _read(self) -> None:
        with self._pipe:
            while not self.cut and (part := os.read(self._pipe.fileno(), _AT_ONCE)):
                self.text += part


def _code_of(process: subprocess.Popen[bytes], within_s: float) -> int | None:
    try:
        return process.wait(within_s)
    except subprocess.TimeoutExpired:
        return None
