"""A program of its own: it runs another one, and ends it when whoever asked for that is gone.

It is the parent of what it runs, leads nobody's group, and holds one end of a pipe. When the other end
is closed, which the system does however a process dies, it ends its child with everything that the
child has started. It imports nothing of ours, so that it is small and starts at once.

Called with a grace in seconds and a command. It reads `stop SECONDS` from stdin, or its end; what it
runs writes to stdout; it writes to stderr, as JSON in lines, the child's `pid`, and its `exit` code or
the `fault` that kept it from starting. It exits when nothing is left.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import RLock, Thread, Timer
from time import monotonic, sleep

_LOOK_EVERY_S = 0.02
_RUNAWAYS_S = 5.0
_PR_SET_CHILD_SUBREAPER = 36
_NOT_STARTED = 127
_KILL = signal.SIGTERM if sys.platform == "win32" else signal.SIGKILL


class _Guard:
    """One child and its group."""

    def __init__(self, child: subprocess.Popen[bytes], grace_s: float) -> None:
        self._child = child
        self._grace_s = grace_s
        self._kill_at: float | None = None
        self._lock = RLock()  # a signal may come while it is held

    def obey(self) -> None:
        """Read what is wanted; the end of the pipe means that nobody is there to want anything."""
        # Without a buffer: its lock would be held when the interpreter ends.
        with open(0, "rb", buffering=0, closefd=False) as orders:
            for line in orders:
                word, _, seconds = line.decode("ascii", "replace").partition(" ")
                if word == "stop":
                    self.end(float(seconds))
        self.end(self._grace_s)

    def end(self, grace_s: float) -> None:
        """Tell the group to end, and kill it later; an earlier time wins."""
        with self._lock:
            kill_at = monotonic() + grace_s
            told_before, self._kill_at = self._kill_at, min(kill_at, self._kill_at or kill_at)
        if told_before is None:
            _signal_group(self._child, signal.SIGTERM)
        if self._child.returncode is None and (told_before is None or kill_at < told_before):
            killer = Timer(grace_s, self._kill)
            killer.daemon = True
            killer.start()

    def clear(self) -> None:
        """The child has ended; end what it has left behind."""
        self.end(self._grace_s)
        while _has_members(self._child.pid) and monotonic() < (self._kill_at or 0.0):
            sleep(_LOOK_EVERY_S)
        _signal_group(self._child, _KILL)
        give_up_at = monotonic() + _RUNAWAYS_S
        # A runaway has left the group. Its children come to us when it dies, so there are rounds.
        while (runaways := _collect()) and monotonic() < give_up_at:
            for runaway in runaways:
                with suppress(ProcessLookupError):
                    os.kill(runaway, _KILL)
            sleep(_LOOK_EVERY_S)

    def _kill(self) -> None:
        if self._child.returncode is None:
            _signal_group(self._child, _KILL)


if sys.platform == "win32":  # pragma: no cover - the tests run where there are process groups

    def _signal_group(child: "subprocess.Popen[bytes]", number: int) -> None:
        del number  # there is no other way to end a tree of processes there
        tree = ["taskkill", "/T", "/F", "/PID", str(child.pid)]
        subprocess.run(tree, capture_output=True, check=False)  # noqa: S603 - a number

    def _has_members(group: int) -> bool:
        return group < 0

    def _collect() -> list[int]:
        return []

else:

    def _signal_group(child: "subprocess.Popen[bytes]", number: int) -> None:
        with suppress(ProcessLookupError, PermissionError):  # empty; on macOS, only zombies
            os.killpg(child.pid, number)

    def _has_members(group: int) -> bool:
        _collect()
        try:
            os.killpg(group, 0)
        except OSError:
            return False
        return True

    def _collect() -> list[int]:
        """Our living children, after those that have died were collected."""
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        children = Path("/proc/self/task") / str(os.getpid()) / "children"
        with suppress(OSError):  # there is no such file on macOS: runaways go to the system there
            return [int(pid) for pid in children.read_text("ascii").split()]
        return []


def main() -> int:
    """Run the command until it ends or is to end."""
    grace_s, *command = sys.argv[1:]
    if sys.platform == "linux":
        # Whoever loses its parent below us becomes our child, and not the system's.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        child = subprocess.Popen(  # noqa: S603 - that is what it is for
            command, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, start_new_session=True
        )
    except OSError as fault:
        _tell(fault=str(fault))
        return _NOT_STARTED
    # Our copy: while it is open, the output of the child does not end.
    with Path(os.devnull).open("wb") as nothing:
        os.dup2(nothing.fileno(), 1)
    guard = _Guard(child, float(grace_s))

    def told_to_end(*_: object) -> None:
        guard.end(float(grace_s))

    signal.signal(signal.SIGTERM, told_to_end)
    _tell(pid=child.pid)
    Thread(target=guard.obey, daemon=True).start()
    code = child.wait()
    _tell(exit=code)
    guard.clear()
    return 0


def _tell(**what: object) -> None:
    with suppress(OSError):  # nobody may be there to read it
        os.write(2, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
