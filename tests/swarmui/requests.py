"""What a double makes of a request for pictures: as strict as SwarmUI, and as lenient."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_SEPARATOR = "\n|||\n"
_SKIPPED = {"session_id", "presets", "extra_metadata"}
_NUMBERS: Mapping[str, tuple[float, float]] = {
    "images": (1, 10000),
    "steps": (0, 500),
    "cfgscale": (0, 100),
    "width": (64, 16384),
    "height": (64, 16384),
    "seed": (-1, 2**63 - 1),
}
_FLAGS = {"donotsave", "nopreviews", "continueaftererrors", "noseedincrement"}
_TEXTS = {
    "prompt", "negativeprompt", "model", "sampler", "scheduler", "loras", "loraweights", "vae",
    "imageformat", "overrideoutpathformat", "webhooks", "exactbackendid", "personalnote",
    "initimage", "initimagecreativity", "aspectratio", "batchsize",
}  # fmt: skip


class Refused(Exception):
    """SwarmUI says no; the text is for the user."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that SwarmUI has understood."""

    given: Mapping[str, Any]  #: with the model's whole name, and a seed
    unknown: Sequence[str]  #: what it has ignored, with a warning in its log only

    @property
    def images(self) -> int:
        return self.given["images"]

    @property
    def size(self) -> tuple[int, int]:
        return self.given.get("width", 1024), self.given.get("height", 1024)

    def flag(self, name: str) -> bool:
        return bool(self.given.get(name, False))

    def text(self, name: str) -> str:
        return self.given.get(name, "")

    def looks(self, index: int) -> str:
        """What decides how the picture of this index looks."""
        looks = {"images", "donotsave", "nopreviews", "overrideoutpathformat", "webhooks"}
        shown = {k: v for k, v in sorted(self.given.items()) if k not in looks}
        return repr({**shown, "seed": self.given["seed"] + index})


def understood(body: Mapping[str, Any], models: Sequence[str], *, knows_outpath: bool) -> Wanted:
    """Read a request as SwarmUI does; raises `Refused` with its words."""
    known = _FLAGS | _TEXTS | set(_NUMBERS)
    known -= set() if knows_outpath else {"overrideoutpathformat"}
    if "images" not in body:
        raise Refused("Missing required parameter 'images'")
    given: dict[str, Any] = {}
    unknown: list[str] = []
    for name, value in body.items():
        clean = "".join(c for c in name.lower() if c.isascii() and c.isalpha())
        if clean not in known:
            unknown += [] if name in _SKIPPED else [name]
            continue
        given[clean] = _value(clean, _text(value))
    given["model"] = _model(given.get("model"), models)
    if given.get("seed", -1) == -1:
        given["seed"] = random.randrange(2**31)  # noqa: S311 - as any other
    return Wanted(given, unknown)


def _text(value: object) -> str:
    if isinstance(value, list):
        return _SEPARATOR.join(str(one) for one in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def _value(name: str, text: str) -> str | bool | float:
    if name in _FLAGS:
        return text.lower() == "true"
    if name not in _NUMBERS:
        return text
    least, most = _NUMBERS[name]
    try:
        number = float(text) if name == "cfgscale" else int(text)
    except ValueError:
        raise Refused(
            f"Invalid value for parameter {name}: Invalid number value '{text}'"
        ) from None
    if not least <= number <= most:
        raise Refused(f"Invalid value for parameter {name}: must be between {least} and {most}")
    return number


def _model(name: str | None, models: Sequence[str]) -> str:
    if not name:
        raise Refused("No model input given. Did your UI load properly?")
    for model in models:
        if name in {model, model.removesuffix(".safetensors")}:
            return model
    raise Refused(
        f"Invalid value for parameter Model: Invalid model value for param Model - '{name}'"
        " - are you sure that model name is correct?"
    )
