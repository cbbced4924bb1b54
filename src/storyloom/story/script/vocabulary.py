"""The words by which scripts are read, from `data/words.toml`."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).parent / "data" / "words.toml"
_VOWELS = "aeiou"
#: Words with the apostrophes and hyphens inside them.
WORD = re.compile(r"[^\W_]+(?:['\u2019-][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class StateSigns:
    """How it shows in a text that somebody or something is in a state."""

    words: str  #: the state itself
    signs: frozenset[str]  #: single words
    also: tuple[str, ...] = ()  #: several words
    ends: tuple[str, ...] = ()
    passes: bool = False  #: it is over when time passes
    group: str = ""  #: another state of the same group ends it
    kinds: frozenset[str] = frozenset()  #: of things; empty: of any


def words_in(text: str) -> frozenset[str]:
    """A text of words, as a set."""
    return frozenset(text.split())


def forms_of(verbs: Iterable[str]) -> frozenset[str]:
    """Verbs with all their regular forms."""
    return frozenset(form for verb in verbs for form in _forms(verb))


def _forms(verb: str) -> tuple[str, ...]:
    if verb.endswith("e"):
        return (verb, f"{verb}s", f"{verb}d", f"{verb[:-1]}ing")
    if verb.endswith("y") and verb[-2] not in _VOWELS:
        return (verb, f"{verb[:-1]}ies", f"{verb[:-1]}ied", f"{verb}ing")
    if verb.endswith(("s", "sh", "ch", "x", "z")):
        return (verb, f"{verb}es", f"{verb}ed", f"{verb}ing")
    forms = (verb, f"{verb}s", f"{verb}ed", f"{verb}ing")
    if verb[-1] not in "aeiouwy" and verb[-2] in _VOWELS and verb[-3:-2] not in _VOWELS:
        return (*forms, f"{verb}{verb[-1]}ed", f"{verb}{verb[-1]}ing")
    return forms


@cache
def _data() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def words(section: str, name: str) -> frozenset[str]:
    """One set of words; verbs in all their forms."""
    given: str | list[str] = _data()[section][name]
    found = words_in(given) if isinstance(given, str) else frozenset(given)
    return forms_of(found) if section == "verbs" and name in _BASES else found


@cache
def phrases(section: str, name: str) -> tuple[str, ...]:
    """A list of phrases, the longest first."""
    return tuple(sorted(_data()[section][name], key=lambda one: (-len(one), one)))


@cache
def signs(section: str) -> Mapping[str, frozenset[str]]:
    """What tells each thing of a section, such as each kind of weather."""
    return {name: words_in(text) for name, text in _data()[section].items()}


@cache
def times() -> Mapping[str, str]:
    """Times of day as slug lines have them, and what they are in a picture."""
    return _data()["times"]


@cache
def states(of: str) -> tuple[StateSigns, ...]:
    """The states of `people` or `props`."""
    return tuple(
        StateSigns(
            words=name,
            signs=words_in(entry["signs"]),
            also=tuple(entry.get("also", ())),
            ends=tuple(entry.get("ends", ())),
            passes=entry.get("passes", False),
            group=entry.get("group", ""),
            kinds=words_in(entry.get("kinds", "")),
        )
        for name, entry in _data()["states"][of].items()
    )


_BASES = frozenset({"say", "happen", "handle", "move", "strong", "perceive", "think"})
