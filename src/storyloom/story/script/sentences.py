"""Splits text into sentences. One pass, no backtracking over more than a word."""

import re
from collections.abc import Iterator

from storyloom.story.script.vocabulary import words

# A run of terminators with what closes after it.
_END = re.compile(
    r"[.!?\u2026\u203d]+[\"'\u201d\u2019\u00bb)\]]*|[\u3002\uff01\uff1f\uff0e]+[\u300d\u300f\u201d\u2019\uff09]*"
)
_CJK = "\u3002\uff01\uff1f\uff0e"
_OPENERS = "\"'\u201c\u2018\u00ab([\u300c\u300e\u2014\u2013-"
_LAST_WORD = re.compile(r"[^\s\"'\u201c\u201d\u2018\u2019()\[\]\u2014]{1,30}$")
_SHOWN = 40  # what is looked at behind a terminator
_WORD = 31


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph on one line, in order; together they are all of it."""
    return [part for part in _parts(text) if part]


def _parts(text: str) -> Iterator[str]:
    start = 0
    for found in _END.finditer(text):
        if found.start() >= start and _ends(text, found):
            yield text[start : found.end()].strip()
            start = found.end()
    yield text[start:].strip()


def _ends(text: str, found: re.Match[str]) -> bool:
    if found[0][0] in _CJK:
        return True
    rest = text[found.end() : found.end() + _SHOWN]
    if rest and not rest[0].isspace():
        # A decimal, an address, a word with a stop in it; or a dash that breaks off.
        return False
    begin = rest.lstrip().lstrip(_OPENERS)[:1]
    if found[0] == "." and begin:
        return _stops(text, found.start(), begin)
    # "Wait!" she says. / So ... they go.
    return not begin.islower()


def _stops(text: str, at: int, begin: str) -> bool:
    """Whether a single full stop ends the sentence."""
    word = _LAST_WORD.search(text, max(0, at - _WORD), at)
    last = word[0] if word else ""
    plain = last.casefold()
    if plain in words("sentences", "titles"):
        return False
    if plain in words("sentences", "numbered") and begin.isdigit():
        return False
    if plain in words("sentences", "sometimes"):
        return begin.isupper()
    if len(last) == 1 and last.isupper():
        # An initial, unless it is the pronoun.
        return last == "I" and begin.isupper()
    return not begin.islower()
