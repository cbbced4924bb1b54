"""Where tests write: in memory where there is enough of it, since each commit waits for a disk."""

import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
_ENOUGH = 2 << 30  # bytes


def choose() -> None:
    """Let temporary files be made in memory, here and in processes that are started.

    `TMPDIR` says otherwise.
    """
    if "TMPDIR" not in os.environ and _serves(_MEMORY):  # noqa: TID251
        os.environ["TMPDIR"] = tempfile.tempdir = str(_MEMORY)  # noqa: TID251


def _serves(place: Path) -> bool:
    """Whether there is room, and programs may be run from there: some tests write theirs."""
    with suppress(OSError), tempfile.TemporaryDirectory(dir=place) as folder:
        program = Path(folder) / "true"
        program.write_text("#!/bin/sh\n", "ascii")
        program.chmod(0o700)
        subprocess.run([program], check=True)
        return shutil.disk_usage(folder).free >= _ENOUGH
    return False
