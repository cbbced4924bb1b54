"""The words that say what a thing does, and never whose it is: they may stay in a masked picture."""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from typing import cast

from storyloom.storyboard.presets import PACKAGED

_WORD = re.compile(r"[a-z]+")
#: Lists of our own that hold names of people or products, and none of ordinary words.
_NAMES_OF = {
    "words.toml": ("given_names", "marks"),
    "code_words.toml": ("proper_names", "prefixes"),
}
_NO_WORDS = frozenset({"ordinary.toml", "known_files.toml"})  # read apart; names of tools
_LANGUAGES = "labels"  # of other languages
#: Endings of a word, and what stands in their place in a list.
_ENDINGS = (
    ("s", ""), ("es", ""), ("d", ""), ("ed", ""), ("ing", ""), ("ing", "e"), ("ies", "y"), ("ied", "y"),
    ("ly", ""), ("ily", "y"), ("est", ""),
)  # fmt: skip
_SHORTEST_STEM = 4
_DOUBLED = re.compile(r"([bdglmnprt])\1(?:ed|ing)\Z")


@cache
def ordinary_words() -> frozenset[str]:
    """Give every word that may stay, as it stands in a list. The first call reads the disk."""
    added = tomllib.loads((PACKAGED / "roadmap" / "ordinary.toml").read_text("utf-8"))
    words = set(added["words"].split())
    for file in sorted(PACKAGED.rglob("*.toml")):
        if file.name in _NO_WORDS or file.parent.name == _LANGUAGES:
            continue
        data = tomllib.loads(file.read_text("utf-8"))
        for key in _NAMES_OF.get(file.name, ()):
            del data[key]
        words |= {word for text in _texts(data) for word in _WORD.findall(text.lower())}
    return frozenset(words - set(f"{added['names']} {added['telling']}".split()))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, dict):
        value = list(cast("dict[str, object]", value).values())
    if isinstance(value, list):
        return [text for part in cast("list[object]", value) for text in _texts(part)]
    return [value] if isinstance(value, str) else []


def is_ordinary(word: str) -> bool:
    """Whether a word, or one that it is a form of, is in the lists."""
    known, lower = ordinary_words(), word.lower()
    if lower in known:
        return True
    if doubled := _DOUBLED.search(lower):
        return lower[: doubled.start() + 1] in known
    stems = {lower[: -len(end)] + put for end, put in _ENDINGS if lower.endswith(end)}
    return any(len(stem) >= _SHORTEST_STEM and stem in known for stem in stems)
