"""Which of the shapes that a model paints is nearest to the one that is wanted."""

from math import log
from typing import Literal

GeminiShape = Literal["1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9"]
#: What every Gemini image model paints.
_GEMINI: tuple[GeminiShape, ...] = (
    "1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9",
)  # fmt: skip
# What every image model of OpenAI's paints, and most servers that speak as it does.
_OPENAI = ((1024, 1024), (1536, 1024), (1024, 1536))
# What the newer ones of OpenAI take: any size in steps of 16, within these bounds.
_STEP = 16
_FREE = ("gpt-image-2",)
_FREE_PIXELS = 1_050_000
_FREE_RATIO = 3.0


def gemini_shape(width: int, height: int) -> GeminiShape:
    """The aspect ratio to ask a Gemini model for."""
    return min(_GEMINI, key=lambda shape: _distance(shape, width / height))


def openai_size(model: str, width: int, height: int) -> tuple[int, int]:
    """The size in pixels to ask an OpenAI-compatible server for."""
    ratio = width / height
    if not model.startswith(_FREE):
        return min(_OPENAI, key=lambda size: abs(log(size[0] / size[1] / ratio)))
    ratio = max(1 / _FREE_RATIO, min(_FREE_RATIO, ratio))
    tall = (_FREE_PIXELS / ratio) ** 0.5
    high = _steps(tall)
    wide = min(_steps(tall * ratio), int(_FREE_RATIO * high) // _STEP * _STEP)
    return wide, min(high, int(_FREE_RATIO * wide) // _STEP * _STEP)


def _distance(shape: str, ratio: float) -> float:
    across, down = shape.split(":")
    return abs(log(int(across) / int(down) / ratio))


def _steps(side: float) -> int:
    return round(side / _STEP) * _STEP
