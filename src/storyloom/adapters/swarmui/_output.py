"""What SwarmUI prints: kept in a log that does not grow for ever, and read for its port."""

import logging
import re
from collections import deque
from collections.abc import Sequence
from io import SEEK_END
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import BinaryIO

LOG_BYTES = 1 << 20
LOGS_BEFORE = 2
LINES = 20
_LINE_BYTES = 8192
_LINE_LENGTH = 300
_WRITTEN_LENGTH = 4 * _LINE_LENGTH + 1  #: in bytes, at most
_STARTS = re.compile(r"\[Init\] === SwarmUI v\S+ Starting")
_MOVED = re.compile(r"Port \d{1,5} was taken, using (\d{1,5}) instead")
_LISTENS = re.compile(r"Starting webserver on https?://[^\s/]*:(\d{1,5})\b")
_PORTS = range(1, 65536)


class Output:
    """Takes lines from a thread of its own; the last ones may be read from any other."""

    def __init__(self, log: Path) -> None:
        """Take the file that all of it goes to; none is needed for anything."""
        self._log = _Log(log)
        self._last: deque[str] = deque(maxlen=LINES)
        self._listens = False
        self.port: int | None = None

    @property
    def last_lines(self) -> Sequence[str]:
        """The end of it."""
        return tuple(self._last)

    def drain(self, pipe: BinaryIO) -> None:
        """Read to the end, whatever comes: a pipe that nobody reads would stop SwarmUI."""
        with pipe:
            while line := pipe.readline(_LINE_BYTES):
                self.add(line.decode("utf-8", "replace"))
        self._log.close()

    def add(self, line: str) -> None:
        """Take one line."""
        shown = line.strip()
        if not shown.isprintable():
            shown = "".join(c for c in shown if c.isprintable())
        shown = shown[:_LINE_LENGTH]
        if shown:
            self._last.append(shown)
            self._log.emit(logging.makeLogRecord({"msg": shown}))
            self._find_port(shown)

    def _find_port(self, line: str) -> None:
        # The first time only: later lines may quote prompts. It may start itself anew.
        if _STARTS.search(line):
            self._listens = False
        if self._listens:
            return
        listens = _LISTENS.search(line)
        found = listens or _MOVED.search(line)
        if found is not None and int(found[1]) in _PORTS:
            self.port, self._listens = int(found[1]), listens is not None


def last_lines(log: Path, most: int) -> Sequence[str]:
    """The end of a log, of the one before it as well where it has only begun; blocks."""
    lines = _tail(log, most)
    if len(lines) < most:
        lines = [*_tail(log.with_name(f"{log.name}.1"), most - len(lines)), *lines]
    return lines


def _tail(file: Path, most: int) -> Sequence[str]:
    try:
        with file.open("rb") as opened:
            size = opened.seek(0, SEEK_END)
            start = max(0, size - most * _WRITTEN_LENGTH)
            opened.seek(start)
            text = opened.read(size - start).decode("utf-8", "replace")
    except OSError:
        return []  # nothing was launched yet, or it cannot be read
    lines = text.split("\n")
    # A line is written whole, but may begin before the place that was looked at.
    return lines[1 if start else 0 : -1][-most:]


class _Log(RotatingFileHandler):
    """A log that is left out where it cannot be written."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, "a", LOG_BYTES, LOGS_BEFORE, "utf-8", delay=True)

        self._over = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write it, unless it is closed: it would open itself again."""
        if not self._over:
            super().emit(record)

    def close(self) -> None:
        """Close it for good."""
        self._over = True
        super().close()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Go on without."""
