"""What a prompt was made of: kept beside it, so that a later change of its beat or of a look is seen.

    beat = {…, prompts: {cinematic: …}, promptOrigins: {cinematic: {beat, looks, words}}}

`words` is there only where the prompt was written here: with it one sees whether somebody has changed
the prompt since. What the finding of scenes adds to a bible (other names, first beats) is no part of it.
"""

import json
from collections.abc import Callable, Mapping
from enum import StrEnum
from hashlib import sha256
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from storyloom.story.beats import ORIGINS, PROMPTS, Beat, is_prompt
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Place, Prop

_DIGITS = 16
_canonical = json.JSONEncoder(sort_keys=True).encode
_SINCE = "since these words were written."
_IN_BIBLE: dict[str, Callable[[Bible, str], Character | Place | Prop | None]] = {
    "character": Bible.character,
    "place": Bible.place,
    "prop": Bible.prop,
}


class Origin(BaseModel):
    """A beat, and those whom a picture of it shows, as they were: digests, which only tell apart."""

    model_config = ConfigDict(frozen=True)

    beat: str
    looks: dict[str, str] = Field(default_factory=dict, description="By kind and id")
    words: str | None = Field(
        default=None, description="Of the prompt that was written here; null where others wrote it"
    )


class Standing(StrEnum):
    """How a prompt stands to its beat."""

    MISSING = "missing"
    CURRENT = "current"  #: nothing has changed, or nobody knows what it was made of
    OUTDATED = "outdated"  #: it was written here, and the beat has changed: to be written anew
    KEPT = "kept"  #: the beat has changed, and the words are somebody's: they stay


def origin_now(beat: FoundBeat, bible: Bible, *, more: tuple[str, ...] = ()) -> Origin:
    """What a prompt of this beat would be made of now; `more` are ids that it shows as well."""
    ids = dict.fromkeys((*beat.characters, beat.place, *beat.props, *more))
    shown = {
        f"{kind}/{name}": _look(one, beat.beat_id)
        for name in ids
        for kind, look_up in _IN_BIBLE.items()
        if (one := look_up(bible, name)) is not None
    }
    return Origin(beat=_told(beat), looks=shown)


def origin_of(beat: Beat, kind: str) -> Origin | None:
    """What is kept of a prompt's origin, or None where nothing is."""
    given = origins_of(beat.fields).get(kind)
    try:
        return Origin.model_validate(given)
    except ValidationError:
        return None


def origins_of(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The origins in a beat as it is kept, by the kind of prompt."""
    found: object = fields.get(ORIGINS)
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def is_ours(origin: Origin | None, prompt: object) -> bool:
    """Whether a prompt as it is kept was written here, and nobody has changed it since."""
    return origin is not None and origin.words == digest(prompt)


def change_since(origin: Origin | None, beat: FoundBeat, bible: Bible) -> str:
    """What has changed since, in a sentence; empty where nothing has, or nobody knows."""
    if origin is None:
        return ""
    if origin.beat != _told(beat):
        return f"The beat has changed {_SINCE}"
    for key, look in origin.looks.items():
        kind, _, name = key.partition("/")
        found = _IN_BIBLE[kind](bible, name) if kind in _IN_BIBLE else None
        if found is None:
            return f"{name.replace('_', ' ').capitalize()} has left the story {_SINCE}"
        if _look(found, beat.beat_id) != look:
            return f"How {found.name} looks has changed {_SINCE}"
    return ""


def standing_of(beat: Beat, aspect: Aspect, found: FoundBeat, bible: Bible) -> Standing:
    """How the beat's prompt for this shape stands to the beat as it is now."""
    prompt = kinds_of(beat.fields.get(PROMPTS)).get(aspect)
    if not is_prompt(prompt):
        return Standing.MISSING
    origin = origin_of(beat, aspect)
    if not change_since(origin, found, bible):
        return Standing.CURRENT
    return Standing.OUTDATED if is_ours(origin, prompt) else Standing.KEPT


def kinds_of(prompts: object) -> dict[str, Any]:
    """Prompts by their kind. One alone is the cinematic one."""
    if is_prompt(prompts):
        return {Aspect.CINEMATIC.value: prompts}
    return cast("dict[str, Any]", prompts) if isinstance(prompts, dict) else {}


def digest(value: object) -> str:
    """The same for the same content, in whichever order."""
    return sha256(_canonical(value).encode()).hexdigest()[:_DIGITS]


def _told(beat: FoundBeat) -> str:
    """All that goes into a prompt."""
    seen = [beat.text, beat.action, beat.camera_angle_suggestion, *beat.location_attributes]
    who = [beat.characters, beat.place, beat.props, beat.inside, beat.time_of_day]
    return digest([seen, who, [(line.speaker, line.words, line.manner) for line in beat.dialogue]])


def _look(entry: Character | Place | Prop, beat: str) -> str:
    states = () if isinstance(entry, Place) else entry.states_in(beat)
    return digest([entry.name, entry.look, *states])
