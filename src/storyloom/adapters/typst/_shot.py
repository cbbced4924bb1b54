"""What a shot frame shows, read from the words of a beat: the place, the light, how many people.

It is a drawing that stands in for a picture, so it errs on the plain side: where the words say
nothing that can be drawn, it shows a sign and no scene.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import cast

from storyloom.boards.icons import resolve_icon
from storyloom.imaging.schemas import ImageRequest

Kinds = Mapping[str, tuple[str, ...]]

_WORDS = Path(__file__).parent / "data" / "shot_words.toml"
_READ = 4000  #: characters of a text: what comes after these describes a style
_MANY = 4  #: people from here on are a crowd where no place is named
_OUTSIDE = frozenset({"street", "alley", "skyline", "landscape", "sky", "space", "vehicle"})
_COUNTED = {"two": 2, "three": 3, "four": 4}
_SIGNS = ("film-slate", "video-camera", "film-strip", "film-reel", "frame-corners")
_ABSTRACT = frozenset({"person", "table", "simple", "line", "square", "up", "down", "two", "list"})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_DOER = re.compile(r"\b([A-Z][^\W\d_]+)\s+(?:and\s+([A-Z][^\W\d_]+)\s+)?([a-z]+)\b")
_NO_NAMES = frozenset({"He", "She", "It", "They", "We", "You", "This", "That", "There", "Who"})


@dataclass(frozen=True, slots=True)
class Shot:
    """What is drawn. `place` tells the furniture of a room, the kind of land or of vehicle."""

    grammar: str
    place: str
    time: str
    weather: str
    people: int
    outside: bool
    wide: bool
    icon: str


def shot_of(request: ImageRequest) -> Shot:
    """The shot that the request's words suggest; its prompt says more of it than its caption."""
    texts = (request.scene, request.prompt[:_READ], request.caption[:_READ])
    said = _said(" ".join(texts))
    words = _words()
    place, heading = _first(said, words["places"]), _first(said, words["heading"])
    people = max(map(_people, texts))
    icon = request.icon or _thing(request)
    drawn = _near(said, people) or place or _placeless(heading, people, icon)
    grammar, _, detail = drawn.partition("-")
    seed = request.seed or 0
    return Shot(
        grammar="alley" if grammar == "street" and seed % 3 == 1 else grammar,
        place=detail,
        time=_first(said, words["time"]) or ("day" if heading == "inside" else "dusk"),
        weather=_first(said, words["weather"]) or "clear",
        people=people,
        outside=grammar in _OUTSIDE
        or heading == "outside"
        or (not heading and _lies_outside(place)),
        wide=_has(said, words["shot"]["wide"]),
        icon=icon or _SIGNS[seed % len(_SIGNS)],
    )


def _lies_outside(place: str) -> bool:
    return place.partition("-")[0] in _OUTSIDE


def _near(said: str, people: int) -> str:
    """How a near shot is drawn; nothing for any other."""
    shots = {kind: words for kind, words in _words()["shot"].items() if kind != "wide"}
    kind = _first(said, shots)
    if kind == "shoulder":
        return kind
    if kind in ("close", "portrait"):
        return "prop" if people == 0 else "portrait" if people == 1 else "two"
    return "two" if kind == "two" and people > 0 else ""


def _placeless(heading: str, people: int, icon: str) -> str:
    """How a shot is drawn whose place is not known."""
    if heading == "inside":
        return "room"
    if heading == "outside":
        return "street" if people else "landscape"
    if people >= _MANY:
        return "crowd"
    if people:
        return "portrait" if people == 1 else "two"
    return "prop" if icon else "emblem"


def _thing(request: ImageRequest) -> str:
    """The icon of a thing that the words name; empty when they name none."""
    for text in (request.caption, request.prompt[:_READ]):
        said = _said(text)
        if icon := _first(said, _words()["props"]):
            return icon
        # An icon that is only remotely about the words would puzzle more than a sign does.
        found = resolve_icon(text, default="")
        if found and any(f" {part}" in said for part in found.split("-") if part not in _ABSTRACT):
            return found
    return ""


def _people(text: str) -> int:
    """How many people the text names."""
    said, words = _said(text), _words()["people"]
    counted = _COUNTED.get(_longest(said, {kind: words[kind] for kind in _COUNTED}), 0)
    named = sum(word in said for word in words["one"])
    somebody = int(_has(said, words["somebody"]))
    return max(counted, named if counted == 0 else 0, somebody, len(set(_names(text))))


def _names(text: str) -> Iterator[str]:
    """Who does something in the text: `Mara` of `Mara runs`."""
    does = _words()["people"]["does"]
    for first, second, verb in _DOER.findall(text):
        if first not in _NO_NAMES and (f" {verb} " in does or (second and f" {verb}s " in does)):
            yield from filter(None, (first, second))


def _said(text: str) -> str:
    """The text as words are looked for in it: with a blank around each."""
    said = f" {_BETWEEN_WORDS.sub(' ', text.lower())} "
    for phrase in _words()["misleading"][""]:
        said = said.replace(phrase, " ")
    return said


def _first(said: str, kinds: Kinds) -> str:
    """The kind whose word stands first in what is said; of those that begin there, the longest."""
    found = [
        (place, -len(word), kind)
        for kind, words in kinds.items()
        for word in words
        if (place := said.find(word)) >= 0
    ]
    return min(found)[2] if found else ""


def _longest(said: str, kinds: Kinds) -> str:
    """The kind of the longest word that is said: `two men` says more than `men`."""
    found = [(len(word), kind) for kind, words in kinds.items() for word in words if word in said]
    return max(found)[1] if found else ""


def _has(said: str, words: Iterable[str]) -> bool:
    return any(word in said for word in words)


@cache
def _words() -> Mapping[str, Kinds]:
    tables = cast("dict[str, dict[str, list[str]]]", tomllib.loads(_WORDS.read_text("utf-8")))
    misleading = {"": cast("list[str]", tables.pop("misleading"))}
    return {
        name: {kind: tuple(_forms(words)) for kind, words in table.items()}
        for name, table in {**tables, "misleading": misleading}.items()
    }


def _forms(words: Iterable[str]) -> Iterator[str]:
    """Each word as it is looked for: with blanks around it, in singular and plural."""
    for word in words:
        plain = _BETWEEN_WORDS.sub(" ", word)
        if word.isascii() or word[0] < "\u0600":
            yield f" {plain} "
            if len(plain) > len("he"):  # the plural of "i" would be "is"
                yield f" {plain}s "
        else:
            yield plain
