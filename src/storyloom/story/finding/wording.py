"""What a script says of an action, as a sentence for a picture: no brackets, capitals or marks for the camera."""

import re
from functools import cache

from storyloom.story.finding.cameras import cue_of
from storyloom.story.finding.cast import Cast
from storyloom.story.script.hygiene import on_one_line
from storyloom.story.script.vocabulary import WORD, phrases

_BRACKET = re.compile(r"\s*\([^()\n]{0,200}\)")
_AFTER_CUE = re.compile(r"^\s*(?:[-\u2013\u2014:.]+|on\b)?\s*", re.IGNORECASE)
_THIN = re.compile(r"[\s.!?\u2026\u2014-]+")
_WE_SEE = re.compile(
    r"\b(?:we (?:can )?(?:now )?(?:see|find)|we're (?:on|in|at|with))\s+", re.IGNORECASE
)
_ACRONYM = 3
_LONGEST_THIN = 40


def told(action: str, cast: Cast) -> str:
    """The action as a sentence."""
    plain = action
    cue = cue_of(plain)
    if cue:
        plain = _AFTER_CUE.sub("", plain.lstrip("- \u2013\u2014")[len(cue) :])
    plain = _WE_SEE.sub("", _BRACKET.sub("", plain))
    plain = on_one_line(_without_capitals(plain, cast))
    return f"{plain[:1].upper()}{plain[1:]}"


def is_thin(sentence: str) -> bool:
    """Whether a sentence only marks a pause."""
    return len(sentence) <= _LONGEST_THIN and _plain(sentence.casefold()) in _thin()


@cache
def _thin() -> frozenset[str]:
    return frozenset(map(_plain, phrases("pictures", "thin")))


def _plain(text: str) -> str:
    return _THIN.sub(" ", text).strip()


def _without_capitals(action: str, cast: Cast) -> str:
    """Names as people write them, and all other words in capitals small."""
    pieces: list[str] = []
    at = 0
    for mention in cast.mentions(action):
        name = action[mention.start : mention.end]
        shown = name
        if name.isupper():
            person = cast.people[mention.id]
            shown = person.name if len(name.split()) > 1 else _one_word(name, person.name)
        pieces += [_small(action[at : mention.start]), shown]
        at = mention.end
    return "".join([*pieces, _small(action[at:])])


def _one_word(name: str, whole: str) -> str:
    """A single word of a name as it is written in the whole."""
    bare = name.removesuffix("'S").removesuffix("\u2019S")
    part = next((part for part in whole.split() if part.casefold() == bare.casefold()), whole)
    return f"{part}'s" if bare != name else part


def _small(text: str) -> str:
    def lowered(word: re.Match[str]) -> str:
        found = word[0]
        is_loud = found.isupper() and len(found) > _ACRONYM
        return found.lower() if is_loud else found

    return WORD.sub(lowered, text)
