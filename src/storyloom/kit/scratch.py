"""Folders for work of a moment, and what killed processes have left of theirs.

Whoever makes a folder holds a lock in it, which the system lets go of when the process ends, however
that ends. So a folder whose lock is free is nobody's: also where hosts or containers share the place,
and where another process has got the number of a dead one.
"""

import logging
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import TracebackType

PREFIX = "storyloom-"
LOCK = ".storyloom-scratch"
log = logging.getLogger(__name__)


class Scratch:
    """A folder that is removed in the end, or by the next process where this one is killed. Blocks."""

    def __init__(self, purpose: str) -> None:
        """Make it in the place for such folders; the purpose is a part of its name."""
        self.path = Path(mkdtemp(prefix=f"{PREFIX}{purpose}-"))
        self._lock = _locked(self.path)

    def cleanup(self) -> None:
        """Remove it with all that is in it; again is no error."""
        shutil.rmtree(self.path, ignore_errors=True)
        lock, self._lock = self._lock, None
        if lock is not None:
            os.close(lock)

    def __enter__(self) -> Path:
        """Use it inside the block."""
        return self.path

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Remove it."""
        self.cleanup()


def sweep() -> int:
    """Remove what killed processes of this user have left, and say how many folders that were. Blocks."""
    return sum(_swept(folder) for folder in _ours())


if sys.platform == "win32":  # pragma: no cover - there a folder in which a file is open has to stay

    def _locked(folder: Path) -> int | None:  # noqa: ARG001
        return None

    def _ours() -> Iterator[Path]:
        return iter(())

    def _swept(folder: Path) -> bool:  # noqa: ARG001
        return False

else:
    import fcntl

    def _locked(folder: Path) -> int | None:
        """A lock that was held before anybody could see it; None where the place knows none."""
        unseen = folder / f"{LOCK}-{os.getpid()}"
        lock = os.open(unseen, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            unseen.rename(folder / LOCK)
        except OSError as fault:
            log.debug("scratch folders cannot be locked here: %s", fault.strerror)
            os.close(lock)
            return None
        return lock

    def _ours() -> Iterator[Path]:
        """Folders of this user; others may have put anything into a place that is shared."""
        # A place in which one may write cannot always be listed, too.
        with suppress(OSError), os.scandir(gettempdir()) as entries:
            for entry in entries:
                with suppress(OSError):
                    if (
                        entry.name.startswith(PREFIX)
                        and entry.is_dir(follow_symlinks=False)
                        and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
                    ):
                        yield Path(entry.path)

    def _swept(folder: Path) -> bool:
        try:
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_NOFOLLOW)
        except OSError:  # none of ours, or just being made, or gone by now
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        else:
            # With the lock in hand: another one who sweeps finds it taken.
            shutil.rmtree(folder, ignore_errors=True)
            return not folder.exists()
        finally:
            os.close(lock)
