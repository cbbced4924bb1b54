"""A reel as a timeline of OpenTimelineIO, written by its public schema."""

import json

from pydantic import JsonValue

from storyloom.boards.export.edl import START_H
from storyloom.boards.export.names import picture_name
from storyloom.boards.export.schemas import Reel, ReelItem
from storyloom.boards.export.timing import Cut, cuts_of

_PART: dict[str, JsonValue] = {
    "metadata": {},
    "source_range": None,
    "effects": [],
    "markers": [],
    "enabled": True,
}


def otio_of(reel: Reel, frames_per_second: int) -> str:
    """The timeline: one track, one clip for each item, pictures by their paths in the archive."""
    rate = frames_per_second
    clips: list[JsonValue] = [_clip(cut, rate) for cut in cuts_of(reel.items, rate)]
    track: dict[str, JsonValue] = {
        **_PART,
        "OTIO_SCHEMA": "Track.1",
        "name": "Pictures",
        "kind": "Video",
        "children": clips,
    }
    stack: dict[str, JsonValue] = {
        **_PART,
        "OTIO_SCHEMA": "Stack.1",
        "name": "tracks",
        "children": [track],
    }
    timeline: dict[str, JsonValue] = {
        "OTIO_SCHEMA": "Timeline.1",
        "name": reel.title,
        "metadata": {"storyloom": {"episode": reel.episode, "run": reel.run}},
        "global_start_time": _time(START_H * 3600 * rate, rate),
        "tracks": stack,
    }
    return json.dumps(timeline, indent=2)


def _clip(cut: Cut, rate: int) -> JsonValue:
    name = picture_name(cut.item)
    reference: dict[str, JsonValue] = {
        "OTIO_SCHEMA": "MissingReference.1" if name is None else "ExternalReference.1",
        "name": "" if name is None else name.rpartition("/")[2],
        "metadata": {},
        "available_range": None if name is None else _range(cut.frames, rate),
        "available_image_bounds": None,
    }
    if name is not None:
        reference["target_url"] = name
    return {
        **_PART,
        "OTIO_SCHEMA": "Clip.2",
        "name": f"{cut.item.number:04d} {cut.item.caption or cut.item.scene}".strip(),
        "metadata": {"storyloom": _said(cut.item)},
        "source_range": _range(cut.frames, rate),
        "media_references": {"DEFAULT_MEDIA": reference},
        "active_media_reference_key": "DEFAULT_MEDIA",
    }


def _said(item: ReelItem) -> JsonValue:
    return {
        "id": item.id,
        "scene": item.scene,
        "notes": item.notes,
        "badges": [badge.value for badge in item.badges],
        "backend": item.backend,
        "model": item.model,
        "seed": item.seed,
        "prompt": item.prompt,
        "negative_prompt": item.negative_prompt,
    }


def _range(frames: int, rate: int) -> JsonValue:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(0, rate),
        "duration": _time(frames, rate),
    }


def _time(frames: int, rate: int) -> JsonValue:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}
