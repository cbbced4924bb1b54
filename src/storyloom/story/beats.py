"""The beats of a session: where they are, what they are called, whether they have their prompts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from storyloom.errors import InvalidInput
from storyloom.story.documents import Document

EPISODE = "analyzedEpisode"
PROMPTS = "prompts"
ORIGINS = "promptOrigins"  #: what the prompts were made of
TO_COME = "scenesToCome"  #: in an episode whose scenes are still being found: how many
# A picture of an earlier beat serves, or none is wanted.
_WITHOUT_PROMPT = frozenset({"REUSE_IMAGE", "NO_IMAGE"})


@dataclass(frozen=True, slots=True)
class Beat:
    """One beat, and the name by which prompts find it."""

    id: str  #: its `beatId`; without one, its place among all beats, from 1
    fields: dict[str, Any]

    @property
    def has_prompts(self) -> bool:
        """Whether at least one prompt is there that can be used."""
        prompts = self.fields.get(PROMPTS)
        if isinstance(prompts, dict):
            named = cast("dict[str, object]", prompts)
            return is_prompt(named) or any(is_prompt(value) for value in named.values())
        return is_prompt(prompts)

    @property
    def needs_prompts(self) -> bool:
        """Whether a picture of its own is to be made for it."""
        decision: object = self.fields.get("imageDecision")
        if not isinstance(decision, dict):
            return True
        kind: object = cast("dict[str, object]", decision).get("type")
        return not (isinstance(kind, str) and kind in _WITHOUT_PROMPT)

    @property
    def said(self) -> Mapping[str, Any]:
        """All that it says, besides its prompts and where they come from."""
        return {n: value for n, value in self.fields.items() if n not in {PROMPTS, ORIGINS}}


def is_prompt(value: object) -> bool:
    """Whether it is a text, or a set of parameters with one."""
    if isinstance(value, dict):
        value = cast("dict[str, object]", value).get("prompt")
    return isinstance(value, str) and bool(value.strip())


def beats_of(document: Document) -> Iterator[Beat]:
    """All beats, in their order: those of scenes, or beats alone."""
    for place, fields in enumerate(_all(document.get(EPISODE)), 1):
        beat_id: object = fields.get("beatId")
        is_named = isinstance(beat_id, str | int) and not isinstance(beat_id, bool)
        yield Beat(str(beat_id) if is_named and beat_id != "" else str(place), fields)


def check(document: Document) -> None:
    """Raise `InvalidInput` where beats cannot be found for what stands in their place."""
    episode: object = document.get(EPISODE)
    if episode is None or isinstance(episode, list):
        return
    if not isinstance(episode, dict):
        raise _wrong(EPISODE, "an object")
    for name in ("scenes", "beats"):
        parts = cast("dict[str, object]", episode).get(name)
        if parts is not None and not isinstance(parts, list):
            raise _wrong(EPISODE, "an array", name)


def _all(episode: object) -> Iterator[dict[str, Any]]:
    if isinstance(episode, dict):
        fields = cast("dict[str, object]", episode)
        yield from _in_scenes(fields.get("scenes"))
        yield from _objects(fields.get("beats"))
    else:
        yield from _in_scenes(episode)


def _in_scenes(parts: object) -> Iterator[dict[str, Any]]:
    """Beats in an array of scenes; what is no scene is a beat itself."""
    for part in _objects(parts):
        if "beats" in part:
            yield from _objects(part["beats"])
        elif "sceneNumber" not in part:
            yield part


def _objects(parts: object) -> Iterator[dict[str, Any]]:
    for part in cast("list[object]", parts) if isinstance(parts, list) else ():
        if isinstance(part, dict):
            yield cast("dict[str, Any]", part)


def _wrong(name: str, wanted: str, *more: str) -> InvalidInput:
    return InvalidInput(f"It has to be {wanted}", loc=("body", name, *more), kind="type_error")
