"""Where the camera stands, how much a moment is worth seeing, and its mood."""

import re
from collections.abc import Sequence

from storyloom.story.script.schemas import Shot, Significance
from storyloom.story.script.units import UnitKind
from storyloom.story.script.vocabulary import WORD, phrases, signs, words, words_in

#: What a script asks for, by the words with which its cue begins.
_ASKED = (
    ("extreme close", Shot.EXTREME_CLOSE_UP),
    ("close", Shot.CLOSE_UP),
    ("insert", Shot.CLOSE_UP),
    ("extreme wide", Shot.EXTREME_WIDE),
    ("wide", Shot.WIDE),
    ("establishing", Shot.EXTREME_WIDE),
    ("medium", Shot.MEDIUM),
    ("two", Shot.TWO_SHOT),
    ("low angle", Shot.LOW_ANGLE),
    ("high angle", Shot.HIGH_ANGLE),
    ("overhead", Shot.OVERHEAD),
    ("aerial", Shot.OVERHEAD),
    ("bird", Shot.OVERHEAD),
    ("over", Shot.OVER_THE_SHOULDER),
    ("p", Shot.POINT_OF_VIEW),
    ("pull back", Shot.WIDE),
)
_DETERMINERS = words_in("the a an his her their its these those some two three")
_PAIR, _GROUP = 2, 3
_SUBJECT = 4  # words within which a sentence has its subject
_SHORT = 80
_LOOKS_ON = re.compile(r"\b(?:at|out|over|across|down|up)\b")


def shot_of(
    action: str, people: Sequence[str], *, kind: UnitKind, opens: bool, is_outside: bool
) -> Shot:
    """How a moment is best shown, unless the script asks for something itself."""
    asked = asked_for(action)
    if asked is not None:
        return asked
    if kind is UnitKind.SPEECH and not action:
        return Shot.TWO_SHOT if len(people) == _PAIR else Shot.MEDIUM
    found = [word.casefold() for word in WORD.findall(action)]
    return _of_people(action, people, found) if people else _of_things(found, opens, is_outside)


def asked_for(action: str) -> Shot | None:
    """The shot that a script asks for in so many words."""
    cue = cue_of(action).casefold()
    if not cue:
        return None
    return next((shot for begin, shot in _ASKED if cue.startswith(begin)), None)


def cue_of(action: str) -> str:
    """The mark for the camera that an action begins with: `CLOSE ON`."""
    plain = action.lstrip("- \u2013\u2014")
    if not plain[:2].isupper():
        return ""
    for cue in phrases("pictures", "cues"):
        begins = plain[: len(cue)]
        is_whole = not plain[len(cue) : len(cue) + 1].isalnum()
        if is_whole and begins.casefold() == cue and begins.isupper():
            return begins
    return ""


def significance_of(
    text: str, *, opens: bool, is_new: bool, is_picture: bool, is_speech: bool
) -> Significance:
    """How much a moment is worth seeing."""
    found = {word.casefold() for word in WORD.findall(text)}
    is_strong = not found.isdisjoint(words("verbs", "strong") | words("verbs", "stronger"))
    if not is_picture:
        return Significance.LOW
    if opens or is_new or (is_strong and not is_speech):
        return Significance.HIGH
    return Significance.MEDIUM


def mood_of(text: str) -> str:
    """The mood that most words of a text tell; empty where none does."""
    found = [word.casefold() for word in WORD.findall(text)]
    counted = {
        mood: sum(word in telling for word in found) for mood, telling in signs("moods").items()
    }
    mood = max(counted, key=lambda one: counted[one])
    return mood if counted[mood] else ""


def moves(action: str) -> bool:
    """Whether somebody goes somewhere. A step that one sits on is no verb."""
    before = ""
    for word in WORD.findall(action):
        plain = word.casefold()
        is_form = plain in words("verbs", "move") and plain.endswith(("s", "ed", "ing"))
        if (is_form and before not in _DETERMINERS) or plain in words("verbs", "moved"):
            return True
        before = plain
    return False


def _of_people(action: str, people: Sequence[str], found: Sequence[str]) -> Shot:
    if len(people) >= _GROUP:
        return Shot.WIDE
    if len(people) == _PAIR:
        return Shot.TWO_SHOT
    verbs = set(found)
    if not verbs.isdisjoint(words("verbs", "perceive")) and _LOOKS_ON.search(action):
        return Shot.OVER_THE_SHOULDER
    if moves(action):
        return Shot.WIDE
    is_near = not verbs.isdisjoint(words("pictures", "details"))
    return Shot.CLOSE_UP if is_near and len(action) <= _SHORT else Shot.MEDIUM


def _of_things(found: Sequence[str], opens: bool, is_outside: bool) -> Shot:  # noqa: FBT001 - two facts
    vast = words("pictures", "vast") | words("nouns", "places")
    if opens:
        return Shot.EXTREME_WIDE if is_outside else Shot.WIDE
    subject = set(found[:_SUBJECT])
    if not subject.isdisjoint(vast):
        return Shot.WIDE
    near = words("pictures", "details") | words("nouns", "props")
    return Shot.WIDE if subject.isdisjoint(near) else Shot.CLOSE_UP
