"""What a session is known by, read from its text: derived each time it changes, and never stored."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeGuard, cast

from storyloom.errors import InvalidInput
from storyloom.kit.storable import storable
from storyloom.story import documents
from storyloom.story.beats import EPISODE, PROMPTS, TO_COME, beats_of
from storyloom.story.documents import Document
from storyloom.story.schemas import MAX_NUMBER, UUID_LENGTH, StoryFacts

TIMESTAMP = "timestamp"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read in a session."""

    facts: StoryFacts
    #: Every beat that needs prompts has them, and no scene is still to be found; a session without
    #: beats is not ready.
    is_ready: bool
    cause: str  #: changes when the beats do, and not when prompts are added to them
    prompts_cause: str  #: changes with the prompts as well
    is_whole: bool  #: it says its timestamp itself


def reading_of(document: Document, timestamp: int) -> Reading:
    """Read a session."""
    beats = list(beats_of(document))
    digest = sha256()
    for beat in beats:
        digest.update(_bytes_of([beat.id, beat.said]))
    with_prompts = digest.copy()
    for beat in beats:
        with_prompts.update(_bytes_of(beat.fields.get(PROMPTS)))
    return Reading(
        facts=StoryFacts(
            story_uuid=_story(document),
            episode_number=_episode(document),
            total_beats=len(beats),
            total_prompts=sum(beat.has_prompts for beat in beats),
        ),
        is_ready=bool(beats)
        and not _is_growing(document)
        and all(b.has_prompts or not b.needs_prompts for b in beats),
        cause=digest.hexdigest(),
        prompts_cause=with_prompts.hexdigest(),
        is_whole=_is_number(document.get(TIMESTAMP)) and document[TIMESTAMP] == timestamp,
    )


def read(body: bytes, timestamp: int) -> Reading | None:
    """Read the text of a session, or None where it is not one."""
    try:
        return reading_of(documents.read(body), timestamp)
    except (InvalidInput, RecursionError):
        return None


def _bytes_of(value: object) -> bytes:
    return json.dumps(value, sort_keys=True).encode()


def _is_growing(document: Document) -> bool:
    episode: object = document.get(EPISODE)
    fields = cast("dict[str, object]", episode) if isinstance(episode, dict) else {}
    to_come = fields.get(TO_COME)
    return _is_number(to_come) and to_come > 0


def _story(document: Document) -> str:
    uuid: Any = document.get("storyUuid")
    return storable(uuid[:UUID_LENGTH]) if isinstance(uuid, str) else ""


def _episode(document: Document) -> int:
    episode: object = document.get(EPISODE)
    fields = cast("dict[str, object]", episode) if isinstance(episode, dict) else {}
    number = fields.get("episodeNumber")
    return number if _is_number(number) and 0 <= number <= MAX_NUMBER else 0


def _is_number(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)
