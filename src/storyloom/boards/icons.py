"""Icons by any name: Phosphor's own, other sets' names, an emoji, or a few words.

The drawings are Phosphor's duotone icons; `data/phosphor-LICENSE.txt` is their licence.
"""

import gzip
import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypedDict, cast

DATA = Path(__file__).parent / "data"
DEFAULT_ICON = "sparkle"
_MAX_QUERY = 240
_MAX_WORDS = 16

_PREFIX = re.compile(
    r"^(fa[srlbdt]?|fa solid|fa regular|fa light|fa duotone|ph|phosphor|lucide|mdi|tabler|ti|bi|"
    r"heroicons?|material symbols|material|carbon|icon)[\s:_\-]+"
)
_SUFFIX = re.compile(r"-(outline|outlined|duotone|solid|regular|filled|rounded|icon)$")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NOT_A_NAME = re.compile(r"[^a-z0-9]+")
_TOKEN = re.compile(r"[a-z0-9]+")


class _Entry(TypedDict):
    svg: str
    tags: list[str]


class _Names(TypedDict):
    silent: list[str]
    aliases: dict[str, str]


@dataclass(frozen=True, slots=True)
class IconSet:
    """All icons by name, and which words point to which of them how strongly."""

    svg: Mapping[str, str]
    aliases: Mapping[str, str]
    silent: frozenset[str]  #: words that say how a picture looks, or join others
    index: Mapping[str, tuple[tuple[str, float], ...]]


@cache
def icon_set() -> IconSet:
    """The package's icons, read once."""
    packed = (DATA / "phosphor-duotone.json.gz").read_bytes()
    entries = cast("dict[str, _Entry]", json.loads(gzip.decompress(packed)))
    names = cast("_Names", tomllib.loads((DATA / "icon_aliases.toml").read_text("utf-8")))
    index: dict[str, dict[str, float]] = {}
    for name, entry in entries.items():
        parts = name.split("-")
        for part in parts:
            index.setdefault(part, {})[name] = 3.0 / len(parts)
        for tag in entry["tags"]:
            for word in _TOKEN.findall(tag.lower()):
                index.setdefault(word, {}).setdefault(name, 0.8)
    return IconSet(
        svg={name: entry["svg"] for name, entry in entries.items()},
        aliases=names["aliases"],
        silent=frozenset(names["silent"]),
        index={word: tuple(found.items()) for word, found in index.items()},
    )


def icon_svg(name: str) -> str:
    """The icon's SVG markup without the outer element; the default icon's for an unknown name."""
    icons = icon_set().svg
    return icons.get(name, icons[DEFAULT_ICON])


def resolve_icon(query: str, default: str = DEFAULT_ICON) -> str:
    """The name of the Phosphor icon that fits best."""
    icons = icon_set()
    key = _key(query[:_MAX_QUERY])
    for candidate in (key, _SUFFIX.sub("", key)):
        if candidate in icons.svg:
            return candidate
        if candidate in icons.aliases:
            return icons.aliases[candidate]
    return _best(icons, key) or default


def _key(query: str) -> str:
    for char in query:
        if unicodedata.category(char) == "So" and (name := unicodedata.name(char, "")):
            query = name
            break
    words = _CAMEL.sub(" ", query) if not query.isupper() else query
    plain = words.strip().lower()
    # "fa-solid fa-house" and "lucide:bar-chart": off with every prefix.
    while (shorter := _PREFIX.sub("", plain.replace("-", " "))) != plain.replace("-", " "):
        plain = shorter
    return _NOT_A_NAME.sub("-", plain).strip("-")


def _best(icons: IconSet, key: str) -> str | None:
    words = [word for word in key.split("-") if word not in icons.silent][:_MAX_WORDS]
    scores: dict[str, float] = {}
    for place, word in enumerate(words):
        # The subject stands early in a phrase.
        weight = 1.0 / (1 + 0.12 * place)
        for form in {word, word.removesuffix("s")}:
            if (alias := icons.aliases.get(form)) is not None:
                scores[alias] = scores.get(alias, 0.0) + 2.0 * weight
            for name, score in icons.index.get(form, ()):
                scores[name] = scores.get(name, 0.0) + score * weight
    if not scores:
        return None
    return max(scores, key=lambda name: (scores[name], -len(name), name))
