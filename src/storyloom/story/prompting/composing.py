"""Composes prompts from facts and the bible.

Looks come word for word from the bible, in every picture the same; a state follows where the bible says
that it holds. Whoever writes facts has no part in how people, things and places look.
"""

import re
from collections.abc import Iterable, Iterator

from storyloom.story.prompting.neutral import neutral
from storyloom.story.prompting.schemas import Facts
from storyloom.story.prompts import Aspect, PromptSet
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Shot
from storyloom.story.script.vocabulary import WORD, words

MAX_ACTION = 400
NEGATIVE = (
    "text, letters, words, captions, subtitles, speech bubbles, watermark, signature, logo, border,"
    " split screen, collage, blurry, low quality, deformed hands, extra fingers, extra limbs"
)
STYLE = "Cinematic film still, natural light"
_MAX_LOOK = 300
_MAX_PEOPLE = 5
_ATTRIBUTES = 6
_FRAMES = {Aspect.CINEMATIC: "widescreen composition", Aspect.VERTICAL: "vertical composition"}
#: In a tall frame the camera goes nearer.
_TIGHTER = {
    Shot.EXTREME_WIDE: "Wide shot",
    Shot.WIDE: "Full shot that fills the height of the frame",
    Shot.MEDIUM: "Medium close-up",
    Shot.TWO_SHOT: "Tight two-shot, one close behind the other",
    Shot.OVER_THE_SHOULDER: "Tight over-the-shoulder shot",
}
_AT = ("noon", "midnight", "night", "dawn", "dusk", "sunset", "sunrise", "golden hour")
_PLAIN = {"day": "by day", "before dawn": "before dawn"}


def composed(
    facts: Facts, beat: FoundBeat, bible: Bible, *, style: str = ""
) -> dict[Aspect, PromptSet]:
    """The prompts for a beat in every shape. `style` is the caller's own, and stays as it is."""
    body = " ".join(part for part in _sentences(facts, beat, bible) if part != ".")
    look = (style.strip() or STYLE).rstrip(".")
    made: dict[Aspect, PromptSet] = {}
    for aspect in Aspect:
        width, height = aspect.size
        framing = f"{_shot(facts.shot, aspect)}, {_FRAMES[aspect]}."
        made[aspect] = PromptSet(
            prompt=" ".join(part for part in (framing, body, f"{look}.") if part),
            negative_prompt=_negative(facts),
            width=width,
            height=height,
        )
    return made


def with_names(action: str, bible: Bible) -> str:
    """An action with names in place of ids."""
    shown = {one.id: short_name(one) for one in bible.characters}
    shown |= {one.id: one.name for one in bible.props if "_" in one.id}
    return re.sub(r"\b[a-z0-9_]{1,48}\b", lambda word: shown.get(word[0], word[0]), action)


def short_name(character: Character) -> str:
    """What a sentence calls somebody."""
    first = character.name.split(" ")[0]
    return first if first in character.aliases else character.name


def _sentences(facts: Facts, beat: FoundBeat, bible: Bible) -> Iterator[str]:
    yield _sentence(with_names(facts.action, bible))
    for one in facts.characters[:_MAX_PEOPLE]:
        if character := bible.character(one):
            look = (character.look[:_MAX_LOOK], *character.states_in(beat.beat_id))
            if any(look):
                yield _sentence(f"{neutral(short_name(character))}: {_listed(look)}")
    for one in facts.props:
        if prop := bible.prop(one):
            told = (prop.look or prop.name, *prop.states_in(beat.beat_id))
            if len(told) > 1 or told[0] != prop.name:
                yield _sentence(_listed(told))
    if setting := _setting(facts, beat, bible):
        yield _sentence(f"Setting: {setting}")
    if facts.mood:
        yield _sentence(f"Mood: {facts.mood}")


def _setting(facts: Facts, beat: FoundBeat, bible: Bible) -> str:
    place = bible.place(facts.place)
    told = place.look if place and place.look.casefold() not in facts.action.casefold() else ""
    times = {beat.time_of_day, facts.time_of_day}
    others = [one for one in beat.location_attributes if one not in times]
    when = _when(facts.time_of_day or beat.time_of_day)
    return _listed([place.name if place else "", told, *others[:_ATTRIBUTES], when])


def _when(time: str) -> str:
    if time in _PLAIN:
        return _PLAIN[time]
    if time in _AT:
        return f"at {time}"
    return f"in the {time}" if time else ""


def _shot(shot: Shot, aspect: Aspect) -> str:
    if aspect is Aspect.VERTICAL and shot in _TIGHTER:
        return _TIGHTER[shot]
    return str(shot).capitalize()


def _negative(facts: Facts) -> str:
    """Nobody is to stand in a picture that nobody is in."""
    found = {word.casefold() for word in WORD.findall(facts.action)}
    is_empty = not facts.characters and found.isdisjoint(words("nouns", "people"))
    return f"{NEGATIVE}, people" if is_empty else NEGATIVE


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(part for part in (neutral(part).strip(" ,.") for part in parts) if part)


def _sentence(text: str) -> str:
    plain = neutral(text).rstrip(" ,;:")
    begun = f"{plain[:1].upper()}{plain[1:]}"
    return begun if begun.endswith((".", "!", "?", "\u2026", "\u3002")) else f"{begun}."
