"""Words that are looked for in what a request says: whole ones, in singular and plural."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import cast

Kinds = Mapping[str, tuple[str, ...]]  #: the forms of words, by what they stand for

_DATA = Path(__file__).parent / "data"
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_OWNED = re.compile(r"\b([^\W\d_]+)['\u2019]s\b(?= [a-z])")


@cache
def tables(name: str) -> Mapping[str, Kinds]:
    """The tables of a data file; what stands outside of any is in the one without a name."""
    read = cast(
        "dict[str, list[str] | dict[str, list[str]]]",
        tomllib.loads((_DATA / f"{name}.toml").read_text("utf-8")),
    )
    found: dict[str, dict[str, tuple[str, ...]]] = {"": {}}
    for group, table in read.items():
        if isinstance(table, list):
            found[""][group] = tuple(_forms(table))
        else:
            found[group] = {kind: tuple(_forms(words)) for kind, words in table.items()}
    return found


def said(text: str, misleading: Iterable[str] = ()) -> str:
    """The text as words are looked for in it: with a blank around each.

    What belongs to somebody says nothing of them: `my brother's boat`. What is misleading is left
    out.
    """
    plain = f" {_BETWEEN_WORDS.sub(' ', _OWNED.sub('', text).lower())} "
    for phrase in misleading:
        plain = plain.replace(phrase, " ")
    return plain


def first(words: str, kinds: Kinds) -> str:
    """The kind whose word stands first in what is said; of those that begin there, the longest."""
    found = [(place, -len(form), kind) for place, form, kind in _found(words, kinds)]
    return min(found)[2] if found else ""


def inorder(words: str, kinds: Kinds) -> list[str]:
    """All kinds that are said, in the order of their words."""
    found = sorted((place, -len(form), kind) for place, form, kind in _found(words, kinds))
    ends, kept = 0, dict[str, None]()
    for place, length, kind in found:
        # `train station` is no station of the police, and a word within a longer one says nothing.
        if place >= ends:
            kept[kind] = None
            ends = place - length - 1
    return [*kept]


def longest(words: str, kinds: Kinds) -> str:
    """The kind of the longest word that is said: `two men` says more than `men`."""
    found = [(len(form), kind) for _, form, kind in _found(words, kinds)]
    return max(found)[1] if found else ""


def told(words: str, forms: Iterable[str]) -> list[tuple[int, str]]:
    """Which of the words are said, and where, in their order."""
    return sorted((place, form.strip()) for place, form, _ in _found(words, {"": tuple(forms)}))


def has(words: str, forms: Iterable[str]) -> bool:
    """Whether one of the words is said."""
    return bool(told(words, forms))


def _found(words: str, kinds: Kinds) -> Iterator[tuple[int, str, str]]:
    alone = _alone(words)
    for kind, forms in kinds.items():
        for form in forms:
            # Most words are not there at all, which a set knows at once.
            if (head := _head(form)) and head not in alone:
                continue
            if (place := words.find(form)) >= 0:
                yield place, form, kind


@lru_cache(maxsize=64)
def _alone(words: str) -> frozenset[str]:
    return frozenset(words.split())


@cache
def _head(form: str) -> str:
    """The first word of a form; empty in scripts that have no blanks."""
    return form.split(maxsplit=1)[0] if form.startswith(" ") else ""


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
