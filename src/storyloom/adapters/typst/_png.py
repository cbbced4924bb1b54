"""A note inside a PNG that says what made it."""

import struct
import zlib

_SIGNATURE_AND_HEADER = 8 + 25
_SOFTWARE = "Storyloom"


def with_note(png: bytes, comment: str) -> bytes:
    """The PNG with the program's name and a comment in text chunks after its header."""
    chunks = _text("Software", _SOFTWARE)
    if comment:
        chunks += _text("Comment", comment)
    return png[:_SIGNATURE_AND_HEADER] + chunks + png[_SIGNATURE_AND_HEADER:]


def _text(keyword: str, value: str) -> bytes:
    # iTXt: keyword, no compression, no language, no translated keyword, UTF-8 text.
    body = b"iTXt" + keyword.encode("ascii") + b"\0\0\0\0\0" + value.encode("utf-8", "replace")
    return struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
