"""What becomes of the text of a session while scenes are found and prompts are written here.

Whatever is there already stays: people and other services may have written it meanwhile. Pure
functions from text to text, to be called in a thread.
"""

from collections.abc import Sequence
from typing import Any, cast

from storyloom.kit.storable import storable
from storyloom.story import documents
from storyloom.story.author import Head, SceneFound
from storyloom.story.beats import EPISODE, ORIGINS, PROMPTS, TO_COME, Beat, beats_of, is_prompt
from storyloom.story.changes import Change, readable
from storyloom.story.documents import Document
from storyloom.story.episodes import BIBLE, NUMBER, TITLE, bible_of, episode_of, found_in
from storyloom.story.errors import SessionNotFound, SessionUnreadable
from storyloom.story.origins import (
    Standing,
    change_since,
    digest,
    kinds_of,
    origins_of,
    standing_of,
)
from storyloom.story.ports import version_of
from storyloom.story.prompting.schemas import BeatPrompts
from storyloom.story.prompts import Aspect
from storyloom.story.readiness import reading_of
from storyloom.story.script.schemas import Bible, wire

_SCENES = "scenes"
_SCENE_NUMBER = "sceneNumber"
_STATES = "states"
#: What of an entry of the bible the script goes on to tell, scene by scene.
_GROWS = ("aliases", "firstBeat", _STATES)
_ENTRIES = ("characters", "places", "props")
Fields = dict[str, Any]


def with_scenes(found: Sequence[SceneFound], timestamp: int, kept: bytes | None) -> Change:
    """A session with these scenes, and what the last of them says of the bible and those to come.

    A scene that is there stays as it is, and so does what an entry of the bible says, except its
    states and other names, which grow. Raises `SessionNotFound`.
    """
    document, before = _read(kept)
    episode = dict(episode_of(document))
    scenes = _scenes(document.get(EPISODE))
    for one in found:
        _insert(scenes, one.scene.scene_number, wire(one.scene))
    for last in found[-1:]:
        _add_head(episode, last.head)
        episode[BIBLE] = _grown_bible(episode.get(BIBLE), wire(last.bible))
        episode.pop(TO_COME, None)
        numbers = {_number(scene) for scene in scenes}
        to_come = sum(number not in numbers for number in range(1, last.total_scenes + 1))
        episode |= {TO_COME: to_come} if to_come else {}
    document[EPISODE] = episode | {_SCENES: scenes}
    return _changed(document, before, timestamp, kept)


def with_prompts(written: Sequence[BeatPrompts], timestamp: int, kept: bytes | None) -> Change:
    """A session with these prompts, for beats that have none of that kind, or an outdated one of ours.

    A beat that is no longer there is passed over. Raises `SessionNotFound`.
    """
    document, before = _read(kept)
    bible = bible_of(episode_of(document).get(BIBLE))
    new = {one.beat_id: one for one in written}
    for beat in beats_of(document):
        one = new.get(beat.id)
        if one is not None:
            _write(beat, one, bible)
    return _changed(document, before, timestamp, kept)


def _write(beat: Beat, written: BeatPrompts, bible: Bible) -> None:
    kinds, given = kinds_of(beat.fields.get(PROMPTS)), written.wire
    ours = {
        kind.value: given[kind]
        for kind in Aspect
        if kind in given
        and (not is_prompt(kinds.get(kind)) or _is_renewed(beat, kind, written, bible))
    }
    if ours:
        beat.fields[PROMPTS] = kinds | ours
    if ours and (origin := written.origin) is not None:
        made = {kind: origin.model_copy(update={"words": digest(ours[kind])}) for kind in ours}
        told = {kind: one.model_dump() for kind, one in made.items()}
        beat.fields[ORIGINS] = origins_of(beat.fields) | told


def _is_renewed(beat: Beat, aspect: Aspect, written: BeatPrompts, bible: Bible) -> bool:
    """Whether these words are of the beat as it is now, and those that are there are not."""
    found = found_in(beat)
    is_outdated = standing_of(beat, aspect, found, bible) is Standing.OUTDATED
    return is_outdated and not change_since(written.origin, found, bible)


def _read(kept: bytes | None) -> tuple[Document, bytes]:
    """A session, and its text as we write it."""
    if kept is None:
        raise SessionNotFound
    document = readable(kept)
    if document is None:
        raise SessionUnreadable
    return document, documents.write(document)


def _changed(document: Document, before: bytes, timestamp: int, kept: bytes | None) -> Change:
    body = documents.write(document)
    was = reading_of(documents.read(before), timestamp)
    if body == before and kept is not None:
        return Change(None, version_of(kept), was, was)
    return Change(body, version_of(body), reading_of(document, timestamp), was)


def _scenes(episode: object) -> list[object]:
    there: object = episode
    if isinstance(episode, dict):
        there = cast("Fields", episode).get(_SCENES)
    return list(cast("list[object]", there)) if isinstance(there, list) else []


def _insert(scenes: list[object], number: int, scene: Fields) -> None:
    numbers = [_number(one) for one in scenes]
    if number not in numbers:
        later = (place for place, one in enumerate(numbers) if one > number)
        scenes.insert(next(later, len(scenes)), scene)


def _number(scene: object) -> int:
    value = cast("Fields", scene).get(_SCENE_NUMBER) if isinstance(scene, dict) else None
    return value if isinstance(value, int) else 0


def _add_head(episode: Fields, head: Head) -> None:
    if NUMBER not in episode:
        episode[NUMBER] = head.number
    if not episode.get(TITLE) and head.title:
        episode[TITLE] = storable(head.title)


def _grown_bible(there: object, found: Fields) -> Fields:
    """Our entries beside theirs, and into theirs."""
    bible = dict(cast("Fields", there)) if isinstance(there, dict) else {}
    for kind in _ENTRIES:
        old: object = bible.get(kind)
        entries = list(cast("list[object]", old)) if isinstance(old, list) else []
        places = {_id(entry): place for place, entry in enumerate(entries)}
        for entry in cast("list[Fields]", found[kind]):
            place = places.get(entry["id"])
            if place is None:
                entries.append(entry)
            else:
                entries[place] = _grown_entry(cast("Fields", entries[place]), entry)
        bible[kind] = entries
    return bible


def _grown_entry(there: Fields, found: Fields) -> Fields:
    said = {name: value for name, value in there.items() if name not in _GROWS and value}
    grown = {name: found[name] for name in _GROWS if name in found}
    if _STATES in grown:
        grown[_STATES] = _grown_states(there.get(_STATES), found[_STATES])
    return {**there, **found, **said, **grown}


def _grown_states(there: object, found: list[Fields]) -> list[object]:
    """Ours, and theirs that we do not know."""
    known = {_begun(state) for state in found}
    old = cast("list[object]", there) if isinstance(there, list) else []
    return [*(state for state in old if _begun(state) not in known), *found]


def _id(entry: object) -> object:
    return cast("Fields", entry).get("id") if isinstance(entry, dict) else None


def _begun(state: object) -> str:
    fields = cast("Fields", state) if isinstance(state, dict) else {}
    return f"{fields.get('words')}/{fields.get('fromBeat')}"
