"""Files in forms (`multipart/form-data`): read while they are sent, and never held as a whole."""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import anyio
from pydantic_core import to_json

_PIECE_BYTES = 64 * 1024
#: What may not stand in a name, as browsers write it.
_QUOTED = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


@dataclass(frozen=True, slots=True)
class Form:
    """Fields and one file. It may be sent again: each time the file is read anew."""

    before: bytes
    file: Path | bytes
    after: bytes
    length: int
    content_type: str

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        """All of it, piece by piece."""
        yield self.before
        if isinstance(self.file, bytes):
            yield self.file
        else:
            async with await anyio.open_file(self.file, "rb") as file:
                while piece := await file.read(_PIECE_BYTES):
                    yield piece
        yield self.after


async def form_of(fields: Mapping[str, object], file: Path | bytes, name: str) -> Form:
    """A form with the file as its part `file`; raises `OSError` where that cannot be read.

    Fields that are no words are written as JSON.
    """
    boundary = uuid4().hex
    size = len(file) if isinstance(file, bytes) else (await anyio.Path(file).stat()).st_size
    parts = [_head(boundary, f'name="{key}"') + _written(value) for key, value in fields.items()]
    called = f'name="file"; filename="{name.translate(_QUOTED)}"'
    head = _head(boundary, called, "Content-Type: application/octet-stream\r\n")
    before = b"\r\n".join([*parts, head])
    after = f"\r\n--{boundary}--\r\n".encode()
    length = len(before) + size + len(after)
    return Form(before, file, after, length, f"multipart/form-data; boundary={boundary}")


def _head(boundary: str, called: str, more: str = "") -> bytes:
    lines = f"--{boundary}\r\nContent-Disposition: form-data; {called}\r\n{more}\r\n"
    return lines.encode("utf-8", "replace")


def _written(value: object) -> bytes:
    return value.encode() if isinstance(value, str) else to_json(value)
