"""A session as a run sees it: typed, whoever has written it, with room for what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from pydantic import BaseModel, ValidationError

from storyloom.story.author import Head
from storyloom.story.beats import EPISODE, TO_COME, Beat, beats_of
from storyloom.story.documents import Document
from storyloom.story.origins import Standing, standing_of
from storyloom.story.prompts import Aspect
from storyloom.story.script.schemas import Bible, Character, FoundBeat, Place, Prop

BIBLE = "bible"
NUMBER = "episodeNumber"
TITLE = "title"
#: The prompt mode in which another service writes the prompts.
STORYSWARM = "storyswarm"
M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class BeatSeen:
    """A beat of a session."""

    place: int  #: among all beats, from 1
    beat: Beat  #: as it is kept, with its prompts
    found: FoundBeat  #: what is said of it, as far as that can be read
    standings: Mapping[Aspect, Standing]  #: how its prompts stand to it


@dataclass(frozen=True, slots=True)
class StoryView:
    """What a run needs of a session."""

    script: str
    prompt_mode: str  #: `storyart`, `storyswarm`, or what else was saved; empty where nothing was
    selected_llm: str | None
    head: Head
    beats: tuple[BeatSeen, ...]
    bible: Bible
    scenes_to_come: int  #: 0 when all are found, or nobody is finding any


def view_of(document: Document) -> StoryView:
    """Read a session."""
    episode = episode_of(document)
    bible = bible_of(episode.get(BIBLE))
    model = _text(document.get("selectedLLM")).strip()
    return StoryView(
        script=_text(document.get("scriptText")),
        prompt_mode=_text(document.get("promptMode")).strip().lower(),
        selected_llm=model or None,
        head=Head(_number(episode.get(NUMBER), 1), _text(episode.get(TITLE))),
        beats=tuple(_seen(place, beat, bible) for place, beat in enumerate(beats_of(document), 1)),
        bible=bible,
        scenes_to_come=_number(episode.get(TO_COME), 0),
    )


def _seen(place: int, beat: Beat, bible: Bible) -> BeatSeen:
    found = found_in(beat)
    standings = {aspect: standing_of(beat, aspect, found, bible) for aspect in Aspect}
    return BeatSeen(place, beat, found, standings)


def episode_of(document: Document) -> dict[str, Any]:
    """The episode's own fields; none where it is only a list."""
    episode: object = document.get(EPISODE)
    return cast("dict[str, Any]", episode) if isinstance(episode, dict) else {}


def bible_of(given: object) -> Bible:
    """A bible, without those of its entries that are none."""
    fields = cast("dict[str, Any]", given) if isinstance(given, dict) else {}
    return Bible(
        characters=_entries(fields.get("characters"), Character),
        places=_entries(fields.get("places"), Place),
        props=_entries(fields.get("props"), Prop),
    )


def found_in(beat: Beat) -> FoundBeat:
    """What is said of a beat, as far as that can be read."""
    return _readable({**beat.said, "beatId": beat.id}, FoundBeat) or FoundBeat(beat_id=beat.id)


def _readable(fields: Mapping[str, Any], shape: type[M]) -> M | None:
    """The fields in this shape, without those that do not fit; None where too little is left."""
    try:
        return shape.model_validate(fields)
    except ValidationError as fault:
        wrong = {error["loc"][0] for error in fault.errors() if error["loc"]}
    try:
        return shape.model_validate({n: v for n, v in fields.items() if n not in wrong})
    except ValidationError:
        return None


def _entries(given: object, shape: type[M]) -> tuple[M, ...]:
    each = cast("list[object]", given) if isinstance(given, list) else []
    read = (_readable(cast("dict[str, Any]", one), shape) for one in each if isinstance(one, dict))
    return tuple(one for one in read if one is not None)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object, otherwise: int) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return otherwise
