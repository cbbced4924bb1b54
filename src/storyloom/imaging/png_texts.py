"""Texts inside a PNG, read and written without touching its pixels."""

import struct
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

START = b"\x89PNG\r\n\x1a\n"
_KINDS = (b"tEXt", b"iTXt")
_HEADER = b"IHDR"
_MAX_TEXT = 1024 * 1024  #: bytes of a text that is looked into
_MAX_CHUNKS = 16_384
_AROUND = 12  #: bytes of a chunk besides its body


@dataclass(frozen=True, slots=True)
class _Chunk:
    start: int
    end: int
    kind: bytes
    body: bytes  #: of a text

    @property
    def keyword(self) -> str:
        return self.body.partition(b"\0")[0].decode("latin-1")


def texts_of(png: bytes) -> dict[str, str]:
    """The texts by their keywords, the first of each."""
    texts: dict[str, str] = {}
    for chunk in _chunks(png):
        if chunk.kind in _KINDS:
            texts.setdefault(chunk.keyword, _text_of(chunk))
    return texts


def with_texts(png: bytes, texts: Mapping[str, str], *, without: Collection[str] = ()) -> bytes:
    """The PNG with these texts after its header, and without those of some keywords.

    What is no PNG is given back as it is.
    """
    chunks = list(_chunks(png))
    if not chunks or chunks[0].kind != _HEADER:
        return png
    new = (_chunk(name, text) for name, text in texts.items())
    kept = (
        png[chunk.start : chunk.end]
        for chunk in chunks[1:]
        if chunk.kind not in _KINDS or chunk.keyword not in without
    )
    return b"".join((png[: chunks[0].end], *new, *kept, png[chunks[-1].end :]))


def _chunks(png: bytes) -> Iterator[_Chunk]:
    """The chunks of a PNG, up to the first that is not whole."""
    start = len(START)
    for _ in range(_MAX_CHUNKS):
        length = int.from_bytes(png[start : start + 4], "big")
        end = start + _AROUND + length
        if end > len(png):
            return
        kind = png[start + 4 : start + 8]
        is_text = kind in _KINDS and length <= _MAX_TEXT
        yield _Chunk(start, end, kind, png[start + 8 : end - 4] if is_text else b"")
        start = end


def _text_of(chunk: _Chunk) -> str:
    _, _, rest = chunk.body.partition(b"\0")
    if chunk.kind == b"tEXt":
        return rest.decode("latin-1")
    # A compressed text is nobody's custom here, and could be made to fill the memory.
    is_compressed, parts = rest[:1] != b"\0", rest[2:].split(b"\0", 2)
    return "" if is_compressed or len(parts) < 3 else parts[2].decode("utf-8", "replace")  # noqa: PLR2004 - language, translated keyword, text


def _chunk(keyword: str, text: str) -> bytes:
    name = keyword.encode("ascii") + b"\0"
    try:
        body = b"tEXt" + name + text.encode("latin-1")
    except UnicodeEncodeError:
        # No compression, no language, no translated keyword.
        body = b"iTXt" + name + b"\0\0\0\0" + text.encode("utf-8", "replace")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
