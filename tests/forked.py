"""Servers and workers in processes of their own, without importing everything again in each.

A process that has imported the service once forks when it is told to, and runs a module as
`python -m` does. So the hundred and fifty servers of these tests need not load a thousand modules
each, which takes twice as long as all else that they do while they start.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.loaded"])


class Forked:
    """A process as `subprocess.Popen` has it, as far as tests ask."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):  # it may have ended just now
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if (code := self.poll()) is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code


@dataclass(frozen=True)
class _Command:
    module: str
    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    where: Path

    def run(self) -> None:
        with self.log.open("ab") as said:
            os.dup2(said.fileno(), sys.stdout.fileno())
            os.dup2(said.fileno(), sys.stderr.fileno())
        os.chdir(self.where)
        os.environ.clear()  # noqa: TID251 - it is to be as if it had been started with this one
        os.environ.update(self.environment)  # noqa: TID251
        sys.argv = [self.module, *self.arguments]
        runpy.run_module(self.module, run_name="__main__", alter_sys=True)


def forked(
    module: str, arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> Forked:
    """`python -m module` with these arguments, in this environment; all that it says is added to the log."""
    log.touch()
    command = _Command(module, list(arguments), dict(environment), log, Path.cwd())
    process = _forks.Process(target=command.run, name=module, daemon=True)
    process.start()
    return Forked(process)
