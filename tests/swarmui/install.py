"""A fake install of SwarmUI: a folder with a launcher that runs `program.py`."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.databases import free_port
from tests.swarmui.double import Behaviour
from tests.swarmui.ground import is_free

PROGRAM = Path(__file__).with_name("program.py")
SCRIPT = "launch-linux.sh"
# As the real one: what really runs is a child of the script, which starts anew what ends with 42.
_LAUNCHER = """#!/bin/sh
"{python}" -IS "{program}" "$@"
code=$?
[ $code = 42 ] && exec "$0" "$@"
exit $code
"""


def _free_with_its_next() -> int:
    """A port after which one may hop to the next two."""
    port = free_port()
    while not (is_free(port + 1) and is_free(port + 2)):
        port = free_port()
    return port


class FakeInstall:
    """What it does when launched, and what was seen of it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.port = _free_with_its_next()
        self.script = folder / SCRIPT
        self.script.write_text(_LAUNCHER.format(python=sys.executable, program=PROGRAM), "utf-8")
        self.script.chmod(0o755)
        self.does()
        self.behaves()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def does(self, **what: Any) -> None:
        """`crashes` with a code, `hops` ports, `waits_s`, `ignores_sigterm`, has `children`, prints `lines`."""
        (self.folder / "does.json").write_text(json.dumps(what), "utf-8")

    def behaves(self, **how: Any) -> None:
        """As `Behaviour`, from now on."""
        Behaviour(**how).save(self.folder / "behaviour.json")

    @property
    def launches(self) -> Sequence[dict[str, Any]]:
        return self._noted("launches")

    @property
    def children(self) -> Sequence[int]:
        return self._noted("children")

    @property
    def calls(self) -> Sequence[str]:
        """The routes that were called."""
        return self._noted("calls")

    @property
    def made(self) -> Sequence[dict[str, Any]]:
        """An entry for each picture that was begun, and one when it was finished; of all launches."""
        return self._noted("made")

    @property
    def ended_well(self) -> bool:
        return bool(self._noted("ended"))

    def _noted(self, name: str) -> list[Any]:
        file = self.folder / name
        return (
            [json.loads(line) for line in file.read_text("utf-8").splitlines()]
            if file.exists()
            else []
        )
