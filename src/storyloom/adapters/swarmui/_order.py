"""What SwarmUI is asked for: a request's parameters by its names, and ours where they are ours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from math import isfinite
from secrets import randbits

from pydantic import JsonValue

from storyloom.imaging.schemas import ImageRequest

FOLDER = "storyloom"
SUFFIX = ".png"
_MODEL, _SEED = "model", "seed"
_MOST = 200
_LENGTH = 4000
_LETTERS = re.compile(r"[^a-z]")
# What decides where something is run, what is read there, where it is kept and how much is made, is
# not for those who write prompts: neither by these names,
_OURS = frozenset(
    {
        "prompt", "negativeprompt", "width", "height", "aspectratio", "sidelength", "rawresolution",
        "altresolutionheightmultiplier", "batchsize", "presets", "extrametadata", "nopreviews",
        "noseedincrement", "continueaftererrors", "forwardswarmdata", "noloadmodels",
    }
)  # fmt: skip
# nor by any that has one of these in it. Videos are no pictures.
_PARTS = ("image", "video", "audio", "backend", "webhook", "outpath", "session", "save", "comfy")


@dataclass(frozen=True, slots=True)
class Order:
    """One picture, as SwarmUI is asked for it."""

    body: Mapping[str, JsonValue]  #: without the session
    model: str
    seed: int
    path: str  #: where it is to be kept, without a suffix; empty: it is not kept


def model_of(request: ImageRequest) -> str:
    """The model that the request names, if it does."""
    return str(parameters_of(request).get(_MODEL, "")).strip()


def order_of(request: ImageRequest, model: str) -> Order:
    """Ask for exactly one picture of this model."""
    given = parameters_of(request)
    seed = _seed(request, given)
    ours: dict[str, JsonValue] = {
        "images": 1,
        "prompt": request.prompt,
        "negativeprompt": request.negative_prompt,
        _MODEL: model,
        "width": request.width,
        "height": request.height,
        _SEED: seed,
        "imageformat": "PNG",
        "nopreviews": True,
    }
    path = f"{FOLDER}/{request.work}" if request.work else ""
    kept: dict[str, JsonValue] = {"overrideoutpathformat": path} if path else {"donotsave": True}
    return Order({**given, **ours, **kept}, model, seed, path)


def parameters_of(request: ImageRequest) -> dict[str, JsonValue]:
    """The request's parameters as SwarmUI reads them: names of letters only, plain values, none of ours."""
    plain: dict[str, JsonValue] = {}
    for name, value in request.parameters.items():
        clean = _LETTERS.sub("", name.lower())
        if clean and not _is_ours(clean) and _is_plain(value) and len(plain) < _MOST:
            plain[clean] = value
    return plain


def _is_ours(name: str) -> bool:
    return name in _OURS or any(part in name for part in _PARTS)


def _is_plain(value: JsonValue) -> bool:
    if isinstance(value, list):
        return len(value) <= _MOST and all(_is_scalar(one) for one in value)
    return _is_scalar(value)


def _is_scalar(value: JsonValue) -> bool:
    if isinstance(value, str):
        return len(value) <= _LENGTH
    return isinstance(value, bool | int | float) and isfinite(value)


def _seed(request: ImageRequest, given: Mapping[str, JsonValue]) -> int:
    """A seed is decided here, so that it is known; of the same work, the same one."""
    if request.seed is not None:
        return request.seed
    told = given.get(_SEED)
    if isinstance(told, int) and not isinstance(told, bool) and 0 <= told < 2**63:
        return told
    if request.work:
        return int.from_bytes(sha256(request.work.encode()).digest()[:4], "big")
    return randbits(32)
