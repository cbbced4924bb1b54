"""A reel as an edit decision list in the form CMX3600, which every editing program reads."""

import unicodedata

from storyloom.boards.export.names import picture_name
from storyloom.boards.export.schemas import Reel
from storyloom.boards.export.timing import Cut, cuts_of, timecode
from storyloom.boards.text import clean

#: Programmes start at one o'clock, so that something can be put before them.
START_H = 1
_TITLE, _COMMENT = 70, 200


def edl_of(reel: Reel, frames_per_second: int) -> str:
    """The list; a beat without a picture is black (`BL`)."""
    first = START_H * 3600 * frames_per_second
    lines = [f"TITLE: {_ascii(reel.title, _TITLE) or 'STORY'}", "FCM: NON-DROP FRAME", ""]
    for place, cut in enumerate(cuts_of(reel.items, frames_per_second), 1):
        lines += _event(place, cut, first, frames_per_second)
    return "\r\n".join(lines) + "\r\n"


def _event(place: int, cut: Cut, first: int, rate: int) -> list[str]:
    name = picture_name(cut.item)
    times = (0, cut.frames, first + cut.start, first + cut.end)
    said = " ".join(timecode(time, rate) for time in times)
    lines = [f"{place:03d}  {'BL' if name is None else 'AX':8} V     C        {said}"]
    if name is not None:
        lines.append(f"* FROM CLIP NAME: {name.rpartition('/')[2]}")
    words = (cut.item.scene, cut.item.caption, cut.item.made_by)
    return lines + [f"* COMMENT: {line}" for word in words if (line := _ascii(word, _COMMENT))]


def _ascii(text: str, cap: int) -> str:
    """The format knows no other letters: accents are taken off, the rest becomes `?`."""
    plain = unicodedata.normalize("NFKD", clean(text, cap).replace("…", "..."))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return bare.encode("ascii", "replace").decode("ascii")
