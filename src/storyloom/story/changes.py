"""What becomes of the text of a session when it is saved again, or gets prompts.

Pure functions from text to text: work for the processor alone, to be called in a thread.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from storyloom.errors import InvalidInput
from storyloom.kit.storable import storable
from storyloom.story import documents
from storyloom.story.beats import ORIGINS, PROMPTS, Beat, beats_of, check, is_prompt
from storyloom.story.documents import Document
from storyloom.story.episodes import BIBLE, bible_of, episode_of, found_in
from storyloom.story.errors import SessionNotFound, SessionUnreadable, TimestampTaken
from storyloom.story.origins import is_ours, kinds_of, origin_now, origin_of, origins_of
from storyloom.story.ports import version_of
from storyloom.story.prompts import Aspect
from storyloom.story.readiness import TIMESTAMP, Reading, reading_of
from storyloom.story.schemas import MAX_NUMBER
from storyloom.story.script.schemas import Bible

_BEAT_ID = "beatId"
_CINEMATIC = "cinematic"
_KINDS = (_CINEMATIC, "vertical", "marketingVertical")
_SHOWN = 100
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A new text, and what is read in it and in the one before."""

    body: bytes | None  #: None when nothing has changed
    version: str
    reading: Reading
    before: Reading | None


@dataclass(frozen=True, slots=True)
class Given:
    """Prompts for one beat."""

    beat_id: str
    prompts: Mapping[str, Any]
    path: Path


def timestamp_in(raw: bytes) -> int | None:
    """The timestamp that a session says, None where it says none; raises `InvalidInput`."""
    value: Any = documents.read(raw).get(TIMESTAMP)
    if value is None:
        return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not 0 <= value <= MAX_NUMBER or value != int(value):
        raise InvalidInput(
            "It has to be Unix time in milliseconds", loc=("body", TIMESTAMP), kind="timestamp"
        )
    return int(value)


def saved(raw: bytes, timestamp: int, kept: bytes | None, *, is_new: bool = False) -> Change:
    """A session as it was sent, with the prompts that its unchanged beats had before.

    Raises `InvalidInput`, and `TimestampTaken` for one that is to be new and is not.
    """
    if is_new and kept is not None:
        raise TimestampTaken
    document = documents.read(raw)
    check(document)
    document[TIMESTAMP] = timestamp
    old = None if kept is None else readable(kept)
    before = None if old is None else reading_of(old, timestamp)
    if old is not None:
        _keep_prompts(old, document)
        _keep_origins(old, document)
    reading = reading_of(document, timestamp)
    # Python takes 1 and true for equal, so where all is equal the texts decide.
    if old is not None and kept is not None and old == document and _text(old) == _text(document):
        return Change(None, version_of(kept), reading, before)
    body = documents.write(document)
    return Change(body, version_of(body), reading, before)


def prompted(given: list[Given], timestamp: int, kept: bytes | None) -> Change:
    """A session with these prompts.

    Raises `SessionNotFound`, or `InvalidInput` for a beat that it does not have.
    """
    if kept is None:
        raise SessionNotFound
    document = readable(kept)
    if document is None:
        raise SessionUnreadable
    before = reading_of(document, timestamp)
    beats: dict[str, list[Beat]] = {}
    for beat in beats_of(document):
        beats.setdefault(beat.id, []).append(beat)
    bible = _bible(document)
    is_changed = False
    for one in given:
        if one.beat_id not in beats:
            raise InvalidInput("The session has no such beat", loc=one.path, kind="unknown_beat")
        for beat in beats[one.beat_id]:
            is_changed |= _add(beat, one.prompts, bible)
    if not is_changed:
        return Change(None, version_of(kept), before, before)
    body = documents.write(document)
    return Change(body, version_of(body), reading_of(document, timestamp), before)


def prompts_in(raw: bytes) -> list[Given]:
    """The prompts of a request, in any of the accepted forms; raises `InvalidInput`."""
    wanted: object = documents.read(raw).get(PROMPTS)
    path = ("body", PROMPTS)
    if isinstance(wanted, dict):
        named = cast("dict[str, object]", wanted)
        return [_given(name, value, (*path, _shown(name))) for name, value in named.items()]
    if isinstance(wanted, list):
        return list(_each(cast("list[object]", wanted), path))
    raise InvalidInput("It has to be an array, or an object by beat", loc=path, kind="type_error")


def _each(entries: list[object], path: Path) -> Iterator[Given]:
    for place, entry in enumerate(entries):
        here = (*path, place)
        if not isinstance(entry, dict):
            raise InvalidInput("It has to be an object", loc=here, kind="dict_type")
        fields = cast("dict[str, object]", entry)
        beat_id = fields.get(_BEAT_ID)
        if not isinstance(beat_id, str | int) or isinstance(beat_id, bool):
            raise InvalidInput("It has to name a beat", loc=(*here, _BEAT_ID), kind="beat_id")
        rest = {name: value for name, value in fields.items() if name != _BEAT_ID}
        yield _given(str(beat_id), rest, here)


def _given(beat_id: str, value: object, path: Path) -> Given:
    prompts = _kinds(value)
    for kind in _KINDS:
        if kind in prompts and not is_prompt(prompts[kind]):
            raise InvalidInput(
                "A prompt is a text, or an object with a text `prompt`",
                loc=(*path, kind),
                kind="prompt",
            )
    if not any(is_prompt(prompt) for prompt in prompts.values()):
        raise InvalidInput("There is no prompt for the beat", loc=path, kind="prompt")
    return Given(beat_id, prompts, path)


def _kinds(value: object) -> dict[str, Any]:
    """Prompts by their kind. One alone is the cinematic one."""
    named = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if PROMPTS in named:
        return _kinds(named[PROMPTS])
    if is_prompt(cast("object", value)):
        return {_CINEMATIC: value}
    return {kind: prompt for kind, prompt in named.items() if prompt is not None}


def readable(body: bytes) -> Document | None:
    """The session that the text holds, or None."""
    try:
        return documents.read(body)
    except InvalidInput:
        return None


def _keep_prompts(old: Document, new: Document) -> None:
    kept = {beat.id: beat for beat in beats_of(old) if beat.has_prompts}
    for beat in beats_of(new):
        before = kept.get(beat.id)
        if before is not None and not beat.has_prompts and not _differ(before, beat):
            beat.fields[PROMPTS] = before.fields[PROMPTS]


def _keep_origins(old: Document, new: Document) -> None:
    """Words that stay keep what they were made of, also where a client leaves that out.

    Other words are somebody's, and are taken to be about the beat as it is sent with them; unless
    they are older ones of ours, from whoever had read the session before they were written anew.
    """
    kept = {beat.id: beat for beat in beats_of(old) if ORIGINS in beat.fields}
    bible = _bible(new) if kept else Bible()
    for beat in beats_of(new):
        before = kept.get(beat.id)
        if before is None:
            continue
        had, has = kinds_of(before.fields.get(PROMPTS)), kinds_of(beat.fields.get(PROMPTS))
        origins, sent = origins_of(before.fields), origins_of(beat.fields)
        of_all: dict[str, Any] = {}
        for kind in [kind for kind in origins | sent if is_prompt(has.get(kind))]:
            is_same = has[kind] == had.get(kind)
            if not is_same and is_ours(origin_of(beat, kind), has[kind]):
                of_all[kind] = sent[kind]
            elif kind in origins:
                of_all[kind] = origins[kind] if is_same else _made_now(beat, bible)
        beat.fields.pop(ORIGINS, None)
        beat.fields.update({ORIGINS: of_all} if of_all else {})


def _differ(old: Beat, new: Beat) -> bool:
    """Whether something is said otherwise.

    That one of them says more is no change: others write down what they find out about a beat.
    """
    ours, theirs = old.said, new.said
    shared = (ours.keys() & theirs.keys()) - {_BEAT_ID}
    if not shared:
        return bool(ours.keys() - {_BEAT_ID}) or bool(theirs.keys() - {_BEAT_ID})
    return any(ours[name] != theirs[name] for name in shared)


def _shown(name: str) -> str:
    """A name for an error: strangers may make it long, and of what no answer can be written with."""
    return storable(name[:_SHOWN])


def _add(beat: Beat, prompts: Mapping[str, Any], bible: Bible) -> bool:
    """Whether that has changed anything."""
    there = beat.fields.get(PROMPTS)
    kinds = cast("dict[str, Any]", there) if isinstance(there, dict) else {}
    origins = origins_of(beat.fields)
    # Words of ours that are only sent back stay ours.
    theirs = {
        kind.value: _made_now(beat, bible)
        for kind in Aspect
        if kind in prompts and (prompts[kind] != kinds.get(kind) or _is_theirs(beat, kind))
    }
    beat.fields[PROMPTS] = {**kinds, **prompts}
    beat.fields.update({ORIGINS: origins | theirs} if theirs else {})
    return beat.fields[PROMPTS] != there or origins_of(beat.fields) != origins


def _is_theirs(beat: Beat, aspect: Aspect) -> bool:
    origin = origin_of(beat, aspect)
    return origin is not None and origin.words is None


def _made_now(beat: Beat, bible: Bible) -> dict[str, Any]:
    """What words are made of that somebody gives for the beat as it is."""
    return origin_now(found_in(beat), bible).model_dump(exclude_none=True)


def _bible(document: Document) -> Bible:
    return bible_of(episode_of(document).get(BIBLE))


def _text(document: Document) -> str:
    """The same for the same content, in whichever order."""
    return json.dumps(document, sort_keys=True)
