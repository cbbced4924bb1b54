"""Slug lines: `INT. LIGHTHOUSE - LAMP ROOM - NIGHT #4#`."""

import re
from dataclasses import dataclass

from storyloom.story.script.hygiene import on_one_line
from storyloom.story.script.schemas import Inside
from storyloom.story.script.vocabulary import times

_NUMBER = re.compile(r"^\d{1,4}[A-Z]{0,2}[.)]?\s+(?=(?:INT|EXT|EST|I/E)\b)")
_LAST_NUMBER = re.compile(r"\s+\d{1,4}[A-Z]{0,2}[.)]?$")
_MARKED_NUMBER = re.compile(r"\s*#[^#\n]{1,20}#\s*$")
_INSIDE = re.compile(
    r"^(INT\.?\s?/\s?EXT|EXT\.?\s?/\s?INT|I/E|INT|EXT|EST)(?:[.:]\s*|\s+)(?=\S)", re.IGNORECASE
)
_DASH = re.compile(r"\s+[-\u2013\u2014]+\s+|\s*\u2014\s*")
_FORCED = re.compile(r"^\.(?=[^\s.])")
MAX_SLUG = 200
#: Of those that say nothing of the time, the ones between which time passes.
_PASSING = ("later", "next", "that night")


@dataclass(frozen=True, slots=True)
class Slug:
    """A slug line, taken apart."""

    heading: str  #: on one line, without its number
    place: str  #: as it is written
    inside: Inside | None = None
    time: str = ""  #: in a picture; empty where it is that of the scene before
    is_later: bool = False  #: time has passed since the scene before


def is_slug(line: str) -> bool:
    """Whether a line is one, forced or not."""
    text = line.strip()
    if not text or len(text) > MAX_SLUG:
        return False
    if _FORCED.match(text):
        return True
    found = _INSIDE.match(_NUMBER.sub("", text))
    # Written small it needs its stop: an interesting line is none.
    return found is not None and (found[1].isupper() or found[0].rstrip().endswith((".", ":")))


def slug_of(line: str) -> Slug:
    """Take a slug line apart. Any other heading is a place, perhaps with a time."""
    text = _MARKED_NUMBER.sub("", on_one_line(line)[:MAX_SLUG])
    numbered = _NUMBER.match(text)
    if numbered:
        text = _LAST_NUMBER.sub("", text[numbered.end() :])
    text = _FORCED.sub("", text)
    found = _INSIDE.match(text)
    parts = _DASH.split(text[found.end() :] if found else text)
    time, is_later = "", False
    while len(parts) > 1 and (known := _time(parts[-1])) is not None:
        time, is_later = time or known, is_later or _is_later(parts[-1])
        parts.pop()
    return Slug(
        heading=text,
        place=", ".join(part.strip(" .,") for part in parts if part.strip(" .,")),
        inside=_inside(found[1]) if found else None,
        time=time,
        is_later=is_later,
    )


def _time(text: str) -> str | None:
    plain = text.strip(" .()").casefold().replace("\u2019", "'")
    first = plain.partition("(")[0].partition(",")[0].strip()
    known = times().get(plain, times().get(first))
    if known is None and plain.endswith(" later"):
        return ""
    return known


def _is_later(text: str) -> bool:
    return any(word in text.casefold() for word in _PASSING)


def _inside(prefix: str) -> Inside:
    plain = prefix.upper()
    if "/" in plain:
        return "both"
    return "interior" if plain.startswith("INT") else "exterior"
