"""A SwarmUI under its guardian: see `_guardian`."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread

from anyio import CancelScope, to_thread

from storyloom.adapters.swarmui._output import Output

GUARDIAN = Path(__file__).with_name("_guardian.py")
ORPHANED_GRACE_S = 10.0
KILLED = -9
# What a guardian needs, after the grace, to kill and to collect.
_AFTER_S = 15.0


@dataclass(frozen=True, slots=True)
class Command:
    """What to run, where, and with what in the environment."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


class GuardedProcess:
    """Runs a command under a guardian, and drains what it prints. Making one blocks."""

    def __init__(self, command: Command, log: Path) -> None:
        """Start it; raises `OSError` when not even the guardian can be started."""
        self._output = Output(log)
        self._group: int | None = None
        self._code: int | None = None
        self._gone = Event()
        self._guardian = subprocess.Popen(  # noqa: S603 - a list, from settings alone
            [sys.executable, "-I", str(GUARDIAN), str(ORPHANED_GRACE_S), *command.arguments],
            cwd=command.folder,
            env=command.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        self._drain = Thread(
            target=self._output.drain, args=[self._guardian.stdout], name="swarmui", daemon=True
        )
        self._drain.start()
        Thread(target=self._listen, name="swarmui-guardian", daemon=True).start()

    @property
    def pid(self) -> int:
        """The guardian, to which comes whatever loses its parent below it."""
        return self._guardian.pid

    @property
    def port(self) -> int | None:
        """The port that it says it listens on."""
        return self._output.port

    @property
    def exit_code(self) -> int | None:
        """The exit code, when it has ended."""
        return self._code

    @property
    def last_lines(self) -> Sequence[str]:
        """The end of what it printed."""
        return self._output.last_lines

    async def stop(self, grace_s: float) -> None:
        """Tell it to end, and see to it that it does, whoever is cancelled meanwhile."""
        with CancelScope(shield=True):
            await to_thread.run_sync(self._stop, grace_s)

    def _stop(self, grace_s: float) -> None:
        stdin = self._guardian.stdin
        assert stdin is not None  # noqa: S101 - it is a pipe
        with suppress(OSError, ValueError):  # it has ended already, or was stopped before
            stdin.write(f"stop {grace_s}\n".encode())
            stdin.flush()
        if not self._gone.wait(grace_s + _AFTER_S):  # pragma: no cover - the guardian itself hangs
            self._guardian.kill()
            self._gone.wait()
        with suppress(OSError):
            stdin.close()
        self._drain.join(_AFTER_S)

    def _listen(self) -> None:
        """Hear what the guardian tells, until it is gone."""
        assert self._guardian.stderr is not None  # noqa: S101 - it is a pipe
        with self._guardian.stderr as told:
            for line in told:
                self._hear(line)
        status = self._guardian.wait()
        if self._code is None:
            # It was killed, or never began: nobody is left to end what it ran.
            self._kill_group()
            self._code = status
        self._gone.set()

    def _hear(self, line: bytes) -> None:
        try:
            told = json.loads(line)
        except ValueError:  # a traceback of its own
            self._output.add(line.decode("utf-8", "replace"))
            return
        if "pid" in told:
            self._group = told["pid"]
        elif "exit" in told:
            self._code = told["exit"]
        else:
            self._output.add(told["fault"])

    def _kill_group(self) -> None:
        if self._group is not None and sys.platform != "win32":
            with suppress(ProcessLookupError):
                os.killpg(self._group, signal.SIGKILL)
