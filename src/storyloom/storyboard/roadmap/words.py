"""What a line of text on a roadmap is: an item or a note, a lane, a date, a price, a person."""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from storyloom.storyboard.presets import PACKAGED
from storyloom.storyboard.roadmap import shapes

MAX_LINE = 200  # a line of a screenshot is far shorter; what is longer is cut


class Kind(StrEnum):
    """What a line is."""

    TEXT = "text"  #: an item, a note, a title: words of the roadmap's own
    DATE = "date"
    STATUS = "status"
    PRICE = "price"
    VERSION = "version"
    PERSON = "person"
    TICKET = "ticket"  #: its number in a tracker
    CODE_NAME = "code_name"
    ADDRESS = "address"  #: a web or e-mail address
    MARK = "mark"  #: a mark of secrecy, or when it was last updated
    COUNT = "count"
    FURNITURE = "furniture"  #: the tool around the roadmap, the headings of a table
    NOISE = "noise"


class Horizon(StrEnum):
    """How far away a thing is."""

    DONE = "done"
    NOW = "now"
    NEXT = "next"
    LATER = "later"


# Tried in this order; the whole line has to fit, except for an address.
_SHAPES = (
    (Kind.COUNT, shapes.COUNT),
    (Kind.PRICE, shapes.PRICE),
    (Kind.VERSION, shapes.VERSION),
    (Kind.TICKET, shapes.TICKET),
    (Kind.CODE_NAME, shapes.CODE_NAME),
    (Kind.PERSON, shapes.PERSON),
)


@dataclass(frozen=True, slots=True)
class LaneName:
    """A heading that says when: by a word such as `Later`, or by a period such as `Q2 2026`."""

    text: str
    horizon: Horizon | None


@dataclass(frozen=True, slots=True)
class _Words:
    horizons: Mapping[str, Horizon]
    sets: Mapping[str, frozenset[str]]


@cache
def _words() -> _Words:
    data = tomllib.loads((PACKAGED / "roadmap" / "words.toml").read_text("utf-8"))
    horizons = {word: Horizon(key) for key, words in data.pop("horizon").items() for word in words}
    return _Words(horizons, {key: frozenset(table["words"]) for key, table in data.items()})


def word_set(key: str) -> frozenset[str]:
    """Give one of the word lists."""
    return _words().sets[key]


def cleaned(text: str) -> str:
    """Undo what readers get wrong, and drop bullets and characters that do not print."""
    shown = "".join(
        char if char.isprintable() else " " for char in unicodedata.normalize("NFKC", text)
    )
    spaced = shapes.DASHES.sub("-", " ".join(shown[:MAX_LINE].split()))
    bare = shapes.TRAIL.sub("", shapes.BULLET.sub("", spaced))
    return shapes.STUCK_YEAR.sub(" ", shapes.CAPITAL_L.sub(r"\1I\2", bare))


def lane_in(text: str) -> LaneName | None:
    """Read a heading that says when: `Now`, `IN PROGRESS 4`, `Q3 2026`, `Next (Q2)`."""
    if horizon := horizon_of(text):
        return LaneName(_without_count(text), horizon)
    if is_period(text):
        return LaneName(text, None)
    first, *rest = re.split(r"[-:·|(/]", text, maxsplit=1)
    horizon = horizon_of(first)
    if horizon and rest and (is_date(rest[0].strip(" )")) or horizon_of(rest[0])):
        return LaneName(first.strip(), horizon)
    return None


def horizon_of(status: str) -> Horizon | None:
    """Tell how far a thing with this status is."""
    return _words().horizons.get(_key(status))


def is_period(text: str) -> bool:
    """Whether a date names a month, a quarter or a year, and no day."""
    parts = [part for part in shapes.GLUED.sub(" ", text).split() if part[-1].isalnum()]
    numbered = word_set("numbered")
    named = any(shapes.PERIOD.fullmatch(part) or part.lower() in numbered for part in parts)
    return named and len(parts) <= 4 and is_date(text)  # noqa: PLR2004 - `Q1 2026 - Q2 2026`


def is_date(text: str) -> bool:
    """Whether the whole line is a date, or a span of dates."""
    parts = [part.strip(".:").lower() for part in shapes.GLUED.sub(" ", text).split()]
    dated = {part for part in parts if shapes.DATE_PART.fullmatch(part)}
    others = set(parts) - dated - {""}
    # Two digits may be a day or a year; alone they are a number, unless a week or sprint has it.
    tells = {part for part in dated if not shapes.NUMBER.fullmatch(part)}
    tells |= others & word_set("numbered")
    return bool(dated) and bool(tells) and others <= word_set("date_words")


def kind_of(text: str) -> Kind:
    """Say what a cleaned line is."""
    if shapes.ADDRESS.search(text):
        return Kind.ADDRESS
    kind = _by_words(text) or _by_shape(text)
    if kind is Kind.TEXT:
        # `Q1 2026 · Mia Okafor`, `v4.2 Mia Okafor`: a chain of small facts is one, too.
        kinds = [_by_words(part) or _by_shape(part) for part in shapes.CHAIN.split(text) if part]
        if Kind.TEXT not in kinds:
            return kinds[0]
    return kind


def _by_words(text: str) -> Kind | None:
    bare = _key(text)
    tests = (
        (Kind.STATUS, bare in _words().horizons or bare in word_set("states")),
        (Kind.MARK, any(f" {mark} " in f" {bare} " for mark in word_set("marks"))),
        (Kind.FURNITURE, bare in word_set("furniture")),
        (Kind.DATE, is_date(text)),
        (Kind.PERSON, _is_person(text)),
    )
    return next((kind for kind, holds in tests if holds), None)


def _by_shape(text: str) -> Kind:
    for kind, shape in _SHAPES:
        if shape.fullmatch(text):
            return kind
    letters = sum(char.isalpha() for char in text)
    signs = sum(not char.isalnum() and char != " " for char in text)
    return Kind.TEXT if letters >= 3 and letters > signs * 2 else Kind.NOISE  # noqa: PLR2004


def _is_person(text: str) -> bool:
    role, colon, name = text.partition(":")
    if colon and name and role.lower().strip() in word_set("roles"):
        return True
    parts = shapes.STUCK_NAME.sub(" ", text).split()
    if len(parts) > 1 and (parts[0].lower() == "by" or len(parts[0]) <= 2):  # noqa: PLR2004 - initials
        parts = parts[1:]
    named = bool(parts) and parts[0].lower().strip(".,") in word_set("given_names")
    return named and len(parts) <= 3 and all(part[0].isupper() for part in parts)  # noqa: PLR2004


def _without_count(heading: str) -> str:
    return shapes.EDGES.sub("", heading) or heading


def _key(text: str) -> str:
    return " ".join(shapes.EDGES.sub("", text.casefold()).replace("-", " ").split())
