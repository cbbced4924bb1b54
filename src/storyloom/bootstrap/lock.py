"""A folder that one process at a time may use."""

import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from storyloom.errors import Conflict, Misconfigured

_NOTE, _LOCK = "server.json", "server.lock"


class FolderInUse(Conflict):
    """Another process uses the folder."""

    code = "folder_in_use"


@contextmanager
def exclusive(folder: Path, *, holder: str) -> Generator[None]:
    """Hold the folder, which is made if need be; `holder` tells others who has it.

    The system lets go of the lock when the process ends, however it ends. Raises `FolderInUse`, or
    `Misconfigured` when the folder cannot be written.
    """
    note = folder / _NOTE
    lock = FileLock(folder / _LOCK, blocking=False)
    try:
        with _usable(folder):
            folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
    except Timeout:
        raise _in_use(folder, _holder(note)) from None
    try:
        note.write_text(json.dumps({"holder": holder, "pid": os.getpid()}), "utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


def make_folder(folder: Path) -> None:
    """Make the folder, if need be; raises `Misconfigured`."""
    with _usable(folder):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def _usable(folder: Path) -> Generator[None]:
    try:
        yield
    except Timeout:  # it is an OSError too, and means something else
        raise
    except OSError as fault:
        raise Misconfigured(
            f"The data directory {folder} cannot be used: {fault.strerror}.",
            setting="STORYLOOM_DATA_DIR",
        ) from fault


def refuse_second(folder: Path) -> None:
    """Raise `FolderInUse` when another process has the folder now; quick, to be asked first."""
    holder = holder_of(folder)
    if holder is not None:
        raise _in_use(folder, holder)


def holder_of(folder: Path) -> str | None:
    """Who uses the folder now, or None. A note that a killed process left behind does not count."""
    note = folder / _NOTE
    if not note.exists():
        return None
    try:
        with FileLock(folder / _LOCK, blocking=False):
            return None
    except Timeout:
        return _holder(note)


def _in_use(folder: Path, holder: str) -> FolderInUse:
    return FolderInUse(
        f"The data directory {folder} is in use by {holder}. Stop that one first, "
        "or give this one its own with --data-dir or STORYLOOM_DATA_DIR."
    )


def _holder(note: Path) -> str:
    try:
        told = json.loads(note.read_text("utf-8"))
        return f"{told['holder']} (process {told['pid']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
