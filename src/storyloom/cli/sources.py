"""What is drawn from: files that are named on the command line, or stdin."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from storyloom.errors import InvalidInput, NotFound
from storyloom.storyboard.schemas import MAX_IMAGE_BYTES, MAX_SOURCE_BYTES

STDIN = "-"
# Control characters that no text file has; ESC, form feed and the like do turn up.
_NEVER_IN_TEXT = bytes(sorted({*range(7), *range(14, 27), *range(28, 32)}))


class Kind(Enum):
    """The kinds of source."""

    CODE = "code"
    ROADMAP = "roadmap"


@dataclass(frozen=True, slots=True)
class Source:
    """One file: as it was named, the name that tells its language, and where it lies."""

    shown: str
    name: str
    path: Path | None

    def read(self, kind: Kind) -> bytes:
        """Read the file, up to one byte more than is allowed."""
        limit = MAX_SOURCE_BYTES if kind is Kind.CODE else MAX_IMAGE_BYTES
        return read_up_to(self.path, limit)


def read_up_to(path: Path | None, limit: int) -> bytes:
    """Read a file, or stdin where there is no path; raises `NotFound` and `InvalidInput`."""
    raw = _read(path, limit + 1)
    if len(raw) > limit:
        raise InvalidInput(f"It is larger than {limit:,} bytes, which is the most.")
    return raw


def _read(path: Path | None, size: int) -> bytes:
    if path is None:
        return sys.stdin.buffer.read(size)
    try:
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        raise NotFound("There is no such file.") from None
    except IsADirectoryError:
        raise InvalidInput("It is a folder; name the files in it.") from None
    except OSError as fault:
        raise InvalidInput(f"It cannot be read: {fault.strerror}.") from fault


def gather(files: Sequence[str], kind: Kind, stdin_name: str | None) -> list[Source]:
    """Name the sources; raises `InvalidInput` when stdin is asked for twice."""
    if files.count(STDIN) > 1:
        raise InvalidInput("stdin can be read only once: give `-` once.")
    return [_source(file, kind, stdin_name) for file in files]


def _source(file: str, kind: Kind, stdin_name: str | None) -> Source:
    if file != STDIN:
        return Source(file, Path(file).name, Path(file))
    name = stdin_name or ("stdin.txt" if kind is Kind.CODE else "roadmap")
    return Source("stdin", name, None)


def as_text(raw: bytes) -> str:
    """Decode a text file in UTF-8, in UTF-16 with its mark, or in Latin-1."""
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        if any(sign in raw for sign in _NEVER_IN_TEXT):
            raise InvalidInput("It is not a text file.") from None
        return raw.decode("latin-1")
