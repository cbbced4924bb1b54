"""Two notes inside a JPEG, read and written without touching its pixels.

A comment for people and programs of the field is EXIF's UserComment; data of our own are an
attribute of an XMP packet.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

START = b"\xff\xd8"
_APP0, _APP1 = 0xE0, 0xE1
_MAX_SEGMENTS = 4096
_MOST = 0xFFFF - 2  #: bytes of a segment

# Big-endian TIFF: one entry that points to EXIF's own list, in which one entry is the comment.
_POINTER = b"Exif\0\0MM\0*" + struct.pack(">IHHHIII", 8, 1, 0x8769, 4, 1, 26, 0)
_COMMENT = _POINTER + struct.pack(">HHH", 1, 0x9286, 7)
_UNICODE = b"UNICODE\0"
_COMMENT_AT = len(_COMMENT) + 12  #: after its length, its place and the end of the list

_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_BEFORE = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b"<rdf:Description rdf:about='' xmlns:storyloom='urn:storyloom:recipe:1' storyloom:recipe='"
)
_AFTER = b"'/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>"
_OURS = re.compile(rb"storyloom:recipe='([^']*)'")


@dataclass(frozen=True, slots=True)
class Notes:
    """What was found. `has_exif` is true of any EXIF, whatever it says."""

    comment: str
    data: str
    has_exif: bool


@dataclass(frozen=True, slots=True)
class _Segment:
    start: int
    end: int
    marker: int
    body: bytes

    @property
    def is_exif(self) -> bool:
        return self.marker == _APP1 and self.body.startswith(b"Exif\0")

    @property
    def data(self) -> bytes:
        """Our data; empty in every other segment."""
        if self.marker != _APP1 or not self.body.startswith(_XMP):
            return b""
        found = _OURS.search(self.body)
        return found[1] if found else b""


def notes_of(jpeg: bytes) -> Notes:
    """The notes of a JPEG."""
    segments = list(_segments(jpeg))
    exif = [segment.body for segment in segments if segment.is_exif]
    data = next((segment.data for segment in segments if segment.data), b"")
    return Notes(
        comment=next((text for text in map(_comment_in, exif) if text), ""),
        data=data.decode("ascii", "replace"),
        has_exif=bool(exif),
    )


def with_notes(jpeg: bytes, *, comment: str | None, data: str) -> bytes:
    """The JPEG with data in place of ours, and with the comment in place of all EXIF, if there is one.

    The data are ASCII without `'`, `<` and `&`, and both are short enough for a segment.
    """
    segments = list(_segments(jpeg))
    new = _segment(_XMP + _BEFORE + data.encode("ascii") + _AFTER)
    if comment is not None:
        new = _segment(_exif(comment)) + new
    # JFIF's own segment has to stay the first.
    first = list(takewhile(lambda segment: segment.marker == _APP0, segments))
    at = first[-1].end if first else len(START)
    kept = [
        jpeg[segment.start : segment.end]
        for segment in segments[len(first) :]
        if not segment.data and not (segment.is_exif and comment is not None)
    ]
    rest = segments[-1].end if segments else at
    return b"".join((jpeg[:at], new, *kept, jpeg[rest:]))


def _segments(jpeg: bytes) -> Iterator[_Segment]:
    """The segments before the first that is not for programs or not whole."""
    start = len(START)
    for _ in range(_MAX_SEGMENTS):
        mark, marker, length = jpeg[start : start + 1], jpeg[start + 1 : start + 2], start + 2
        end = length + int.from_bytes(jpeg[length : length + 2], "big")
        is_for_programs = mark == b"\xff" and b"\xe0" <= marker <= b"\xef"
        if not is_for_programs or not length + 2 <= end <= len(jpeg):
            return
        yield _Segment(start, end, marker[0], jpeg[length + 2 : end])
        start = end


def _segment(body: bytes) -> bytes:
    return b"\xff" + bytes([_APP1]) + struct.pack(">H", len(body) + 2) + body


def _exif(comment: str) -> bytes:
    room = _MOST - _COMMENT_AT - len(_UNICODE)
    text = _UNICODE + comment.encode("utf-16-be", "replace")[: room // 2 * 2]
    return _COMMENT + struct.pack(">III", len(text), 44, 0) + text


def _comment_in(exif: bytes) -> str:
    """The comment, where EXIF is laid out as we and others who write only a comment lay it out."""
    text = exif[_COMMENT_AT:]
    if not exif.startswith(_COMMENT) or not text.startswith(_UNICODE):
        return ""
    return text.removeprefix(_UNICODE).decode("utf-16-be", "replace")
