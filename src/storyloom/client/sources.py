"""What storyboards are made of: a path, bytes, or the text itself."""

from pathlib import Path

import anyio

from storyloom.errors import InvalidInput

_HEAD_BYTES = 16
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"RIFF")


async def bytes_of(source: Path | str | bytes) -> bytes:
    """The content: of the file at a path, or as it was given."""
    if isinstance(source, Path):
        return await anyio.Path(source).read_bytes()
    return raw_of(source)


async def head_of(source: Path | bytes) -> bytes:
    """How it begins."""
    if isinstance(source, bytes):
        return source[:_HEAD_BYTES]
    async with await anyio.open_file(source, "rb") as file:
        return await file.read(_HEAD_BYTES)


def raw_of(source: str | bytes) -> bytes:
    """Text and bytes as bytes."""
    return source.encode() if isinstance(source, str) else source


def name_of(source: Path | str | bytes, name: str | None) -> str:
    """The name that tells the language of code; raises `InvalidInput` where there is none."""
    if name is not None:
        return name
    if isinstance(source, Path):
        return source.name
    raise InvalidInput("Name the file, so that its language is known: name='calculator.py'")


def text_of(raw: bytes) -> str:
    """Code as text; raises `InvalidInput` where it is none in UTF-8."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise InvalidInput("It is not a text in UTF-8; decode it, and give the text") from fault


def is_picture(raw: bytes) -> bool:
    """Whether it begins as PNG, JPEG, GIF or WebP files do."""
    return raw.startswith(_PICTURES)
