"""The words of a request, taken apart: what happens, where it is, and how people look.

A prompt of ours tells how people look (`Mara: girl, red cap.`) and where it is (`Setting: a kitchen,
at night.`) in sentences of their own. Other prompts are all of them what happens.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from storyloom.imaging.schemas import ImageRequest

_READ = 4000  #: characters of a text: what comes after these describes a style
_NAME = r"(?:(?:Mr|Mrs|Ms|Dr|St|Prof)\. )?[^\W\d_a-z][\w'\u2019-]*(?: [\w'\u2019-]+){0,4}"
_SENTENCE = re.compile(
    rf"(?:(?<=[.!?\u2026\u3002] )|^)(?P<name>{_NAME}): (?P<told>[^\n]*?)(?=[.!?\u2026\u3002](?:\s|$)|$)[.!?\u2026\u3002]?"
)
_HEADING = re.compile(r"\b(?:INT|EXT)\b[./ ]*([^.\n]*)")
_SETTING = frozenset({"Setting", "Location", "Place", "Scene"})
_OF_THE_PICTURE = frozenset(
    {"Mood", "Style", "Camera", "Lighting", "Light", "Shot", "Time", "Weather", "Composition"}
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What a request says."""

    scene: str
    action: str  #: the prompt without the rest
    caption: str
    setting: str
    heading: str  #: of a scene, as in a screenplay: `KITCHEN - NIGHT`
    looks: Mapping[str, str]  #: how people look, by name

    @property
    def told(self) -> tuple[str, ...]:
        """All texts that tell what happens, the one that says most of it first."""
        return self.scene, self.action, self.caption


def brief_of(request: ImageRequest) -> Brief:
    """The request's words."""
    settings: list[str] = []
    looks: dict[str, str] = {}

    def take(found: re.Match[str]) -> str:
        name, told = found["name"], found["told"]
        if name in _SETTING:
            settings.append(told)
        elif name not in _OF_THE_PICTURE:
            looks[name] = told
        else:
            return found[0]
        return ""

    action = _SENTENCE.sub(take, request.prompt[:_READ])
    heading = _HEADING.search(action)
    return Brief(
        scene=request.scene,
        action=action,
        caption=request.caption[:_READ],
        setting=" ".join(settings),
        heading=heading[1] if heading else "",
        looks=looks,
    )
