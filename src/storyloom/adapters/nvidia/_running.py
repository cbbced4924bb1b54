"""Running a program for what it prints, within a time and a size, and leaving nothing of it behind."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Timer
from time import monotonic

LIMIT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Printed:
    """How it ended and what it said."""

    code: int
    text: str
    late: bool  #: it was killed for its time
    cut: bool  #: it was killed for its size


def run(arguments: Sequence[str], environment: Mapping[str, str], within_s: float) -> Printed:
    """Run it, with its errors among its output; raises `OSError` when it cannot be begun.

    Blocks: call it in a thread.
    """
    ends_at = monotonic() + within_s
    late = Event()
    with subprocess.Popen(  # noqa: S603 - a list, of which an operator chooses the program
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe

        def out_of_time() -> None:
            late.set()
            kill(process)

        # It is not waited for before its output has ended: until then its id stays its own, and so
        # does its group's, whoever of the group still lives.
        timer = Timer(within_s, out_of_time)
        timer.start()
        text = process.stdout.read(LIMIT_BYTES + 1)
        timer.cancel()
        timer.join()
        cut = len(text) > LIMIT_BYTES
        if cut:
            kill(process)
        try:
            code = process.wait(max(0.1, ends_at - monotonic()))
        except subprocess.TimeoutExpired:  # it has closed its output and goes on
            out_of_time()
            code = process.wait()
    return Printed(code, text[:LIMIT_BYTES].decode("utf-8", "replace"), late.is_set(), cut)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill it and all that it has started in its group."""
    if sys.platform == "win32":  # pragma: no cover - no groups there
        process.kill()
        return
    with suppress(ProcessLookupError):  # it may end in this very moment
        os.killpg(process.pid, signal.SIGKILL)
