"""The prompts of a beat: what is to be painted, and with which parameters."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, cast

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from storyloom.story.beats import Beat, is_prompt

_OWN = frozenset({"prompt", "negativeprompt", "width", "height", "seed"})


class Aspect(StrEnum):
    """The shape of a picture, and the name of its prompt in a beat."""

    CINEMATIC = "cinematic"  #: 16:9
    VERTICAL = "vertical"  #: 9:16

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels where a prompt names none; multiples of 64."""
        return _SIZES[self]


_SIZES = {Aspect.CINEMATIC: (1344, 768), Aspect.VERTICAL: (768, 1344)}


class PromptSet(BaseModel):
    """A prompt with its parameters, as clients keep it: SwarmUI's names, and nothing lost.

    Where a client gave only a text, the parameters are empty and ours are used.
    """

    model_config = ConfigDict(frozen=True)

    prompt: str
    negative_prompt: str = ""
    width: int | None = Field(default=None, ge=64, le=4096)
    height: int | None = Field(default=None, ge=64, le=4096)
    seed: int | None = Field(default=None, ge=0, lt=2**32)
    parameters: dict[str, JsonValue] = Field(
        default_factory=dict, description="The others, such as `model`, `steps` and `cfgscale`"
    )


def prompt_of(beat: Beat, aspect: Aspect) -> PromptSet | None:
    """The beat's prompt for this shape, or None where it has none that can be used.

    A plain text, or a lone set of parameters, is the cinematic one.
    """
    given: object = beat.fields.get("prompts")
    if isinstance(given, dict):
        named = cast("dict[str, Any]", given)
        found: object = named.get(aspect)
        if not is_prompt(found) and aspect is Aspect.CINEMATIC and is_prompt(named):
            found = named
    else:
        found = given if aspect is Aspect.CINEMATIC else None
    if not is_prompt(found):
        return None
    if isinstance(found, str):
        return PromptSet(prompt=found.strip())
    return _of_set(cast("dict[str, Any]", found))


def _of_set(given: Mapping[str, Any]) -> PromptSet:
    return PromptSet(
        prompt=str(given["prompt"]).strip(),
        negative_prompt=_text(given.get("negativeprompt")),
        width=_whole(given.get("width"), 64, 4096),
        height=_whole(given.get("height"), 64, 4096),
        # SwarmUI's -1 means any.
        seed=_whole(given.get("seed"), 0, 2**32 - 1),
        parameters={name: value for name, value in given.items() if name not in _OWN},
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _whole(value: object, least: int, most: int) -> int | None:
    """The number, also where it is written as a text; None where it is none, or out of bounds."""
    try:
        number = int(str(value))
    except ValueError:
        return None
    return number if least <= number <= most else None
