"""How a picture was made, in two forms: ours, and the one that programs of the field read."""

import json
import re
from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError

SIGNATURE = "Version: Storyloom"  #: how the customary form ends that we write
MAX_BYTES = 60_000  #: of a recipe as JSON; a JPEG has no room for more
_MAX_TEXT = 24_000  #: characters of the customary form
_MAX_VALUE = 300
_FEW = 20
_NOT_IN_XML = re.compile(r"[&<>']")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# What the field calls parameters of SwarmUI, ComfyUI and the like.
_CUSTOMARY = {
    "steps": "Steps",
    "sampler": "Sampler",
    "samplername": "Sampler",
    "scheduler": "Schedule type",
    "cfgscale": "CFG scale",
    "cfg": "CFG scale",
    "denoise": "Denoising strength",
}


class Recipe(BaseModel):
    """What a picture was made with. `parameters` have the backend's own names."""

    model_config = ConfigDict(frozen=True)

    prompt: str = ""
    negative_prompt: str = ""
    seed: int | None = None
    model: str = ""
    backend: str = ""
    width: int = Field(default=0, ge=0, description="pixels")
    height: int = Field(default=0, ge=0, description="pixels")
    parameters: dict[str, JsonValue] = Field(default_factory=dict)
    left_out: tuple[str, ...] = Field(default=(), description="Parameters that had no room")


def to_json(recipe: Recipe) -> str:
    """The recipe as JSON in plain ASCII of `MAX_BYTES` at the most.

    Parameters that have no room are named and left out, the largest first; words are cut last.
    """
    fitting = recipe
    sizes = {name: len(json.dumps(value)) for name, value in recipe.parameters.items()}
    largest = sorted(sizes, key=lambda name: sizes[name], reverse=True)
    while len(_dumped(fitting)) > MAX_BYTES and largest:
        name = largest.pop(0)
        kept = {key: fitting.parameters[key] for key in largest}
        left_out = (*fitting.left_out, name[:_MAX_VALUE])
        fitting = fitting.model_copy(update={"parameters": kept, "left_out": left_out})
    if len(_dumped(fitting)) > MAX_BYTES:
        fitting = _shortened(fitting)
    return _dumped(fitting)


def from_json(text: str) -> Recipe | None:
    """The recipe in a text that anybody may have written; None when there is none."""
    try:
        return Recipe.model_validate_json(text) if len(text) <= MAX_BYTES else None
    except ValidationError:
        return None


def to_text(recipe: Recipe) -> str:
    """The customary form: the prompt, `Negative prompt:`, and a line of parameters."""
    lines = [_plain(recipe.prompt)]
    if recipe.negative_prompt:
        lines.append(f"Negative prompt: {_plain(recipe.negative_prompt)}")
    lines.append(", ".join(_settings(recipe)))
    return "\n".join(lines)[:_MAX_TEXT]


def _settings(recipe: Recipe) -> Iterator[str]:
    named = {
        "Seed": recipe.seed,
        "Size": f"{recipe.width}x{recipe.height}" if recipe.width and recipe.height else None,
        "Model": recipe.model or None,
    }
    room = _MAX_TEXT // 4
    for name, value in {**_known(recipe), **named, **_others(recipe)}.items():
        said = f"{name}: {_quoted(value)}" if value is not None else ""
        room -= len(said)
        if said and room > 0:
            yield said
    yield SIGNATURE


def _known(recipe: Recipe) -> dict[str, JsonValue]:
    return {
        _CUSTOMARY[name]: value
        for name, value in recipe.parameters.items()
        if name in _CUSTOMARY and isinstance(value, str | int | float)
    }


def _others(recipe: Recipe) -> dict[str, JsonValue]:
    """Plain parameters by their own names; what has parts is in our form only."""
    return {
        _plain(name): value
        for name, value in recipe.parameters.items()
        if name not in _CUSTOMARY
        and isinstance(value, str | int | float | bool)
        and len(str(value)) <= _MAX_VALUE
    }


def _quoted(value: JsonValue) -> str:
    """The value; in quotation marks where it would be taken for two."""
    said = _plain(str(value)).replace("\n", " ")
    return json.dumps(said) if re.search(r"[,:]", said) else said


def _plain(text: str) -> str:
    """The text without controls and half characters, which no chunk of text may have."""
    return _CONTROLS.sub("", _whole(text).replace("\r\n", "\n"))


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _shortened(recipe: Recipe) -> Recipe:
    # Escaped, a character takes twelve bytes at the most.
    most = MAX_BYTES // 40
    short = {"prompt": recipe.prompt[:most], "negative_prompt": recipe.negative_prompt[:most]}
    names = {"model": recipe.model[:_MAX_VALUE], "backend": recipe.backend[:_MAX_VALUE]}
    return recipe.model_copy(update={**short, **names, "left_out": recipe.left_out[:_FEW]})


def _dumped(recipe: Recipe) -> str:
    # Escaped as JSON escapes, so that it can stand in XML as it is.
    whole = _whole(json.dumps(recipe.model_dump(mode="python"), ensure_ascii=False))
    text = json.dumps(json.loads(whole))
    return _NOT_IN_XML.sub(lambda char: f"\\u{ord(char[0]):04x}", text)
