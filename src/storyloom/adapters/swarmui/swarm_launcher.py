"""The SwarmUI that is installed here, launched by its own script."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from anyio import to_thread

from storyloom.adapters.swarmui._output import last_lines
from storyloom.adapters.swarmui._process import Command, GuardedProcess
from storyloom.automation.errors import SwarmUiFailed
from storyloom.automation.ports import SwarmProcess
from storyloom.errors import Misconfigured

SETTING = "STORYLOOM_SWARMUI_DIR"
_SCRIPTS = {
    "linux": "launch-linux.sh",
    "darwin": "launch-macos.sh",
    "win32": "launch-windows.bat",
}


class InstalledSwarmLauncher:
    """Launches what the settings name, and nothing else: no request has a part in the command."""

    def __init__(
        self,
        folder: Path | None,
        port: int,
        *,
        environment: Mapping[str, str],
        log: Path,
        platform: str = sys.platform,
    ) -> None:
        """Take the install's folder, the port to listen on, and a file for what is printed."""
        self._folder = folder
        self._port = port
        self._environment = environment
        self._log = log
        self._script = _SCRIPTS.get(platform, _SCRIPTS["linux"])

    async def check(self) -> None:
        """Return when it can be launched; raises `Misconfigured`."""
        await to_thread.run_sync(self._command)

    async def launch(self) -> SwarmProcess:
        """Launch it; raises `Misconfigured` and `SwarmUiFailed`."""
        try:
            return await to_thread.run_sync(self._launch)
        except OSError as fault:
            raise SwarmUiFailed(f"its process cannot be made: {fault}") from fault

    async def printed(self, most: int) -> Sequence[str]:
        """The end of the log, which all processes with this data directory write; empty without one."""
        return await to_thread.run_sync(last_lines, self._log, most)

    def _launch(self) -> SwarmProcess:
        command = self._command()
        self._log.parent.mkdir(parents=True, exist_ok=True)
        return GuardedProcess(command, self._log)

    def _command(self) -> Command:
        if self._folder is None:
            raise _misconfigured(f"none answers, and {SETTING} does not say where it is installed")
        root, script = self._folder.resolve(), (self._folder / self._script).resolve()
        if not root.is_dir():
            raise _misconfigured(f"{SETTING} is no folder: {self._folder}")
        if not script.is_file():
            raise _misconfigured(f"there is no {self._script} in {SETTING}, {self._folder}")
        if not script.is_relative_to(root):
            raise _misconfigured(f"{self._script} leads out of {SETTING}, to {script}")
        if not os.access(script, os.X_OK):
            raise _misconfigured(f"{script} may not be executed; try: chmod +x {script}")
        # A browser would be opened otherwise.
        options = ["--launch_mode", "none", "--port", str(self._port)]
        return Command([str(script), *options], root, self._environment)


def _misconfigured(why: str) -> Misconfigured:
    return Misconfigured(why, setting=SETTING)
