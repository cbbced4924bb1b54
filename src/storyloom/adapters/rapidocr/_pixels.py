"""A picture made ready for the reader, and the way back to its own pixels."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from storyloom.imaging.uploads import decode_image

if TYPE_CHECKING:
    from PIL.Image import Image

# The recogniser scales every line to 48 pixels, so a longer side only costs time and memory.
MAX_SIDE = 2000
# Below this side the letters of a screenshot are too small to be told apart; twice the size helps.
MIN_SIDE = 640
_DARK = 128


@dataclass(frozen=True, slots=True)
class Pixels:
    """The opaque picture to read, and how much larger it is than the one that was given."""

    picture: "Image"
    scale: float
    width: int
    height: int


def prepared(raw: bytes) -> Pixels:
    """Decode the picture, lay it on a ground that shows its text, and bring it to a good size."""
    picture = decode_image(raw)
    width, height = picture.size
    longest = max(width, height)
    scale = min(MAX_SIDE / longest, 1.0) if longest > MIN_SIDE else min(2.0, MAX_SIDE / longest)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    opaque = _opaque(picture)
    return Pixels(opaque if scale == 1 else opaque.resize(size), scale, width, height)


def _opaque(picture: "Image") -> "Image":
    if picture.mode != "RGBA":
        return picture.convert("RGB")
    from PIL import Image, ImageStat  # noqa: PLC0415 - Pillow loads on first use

    alpha = picture.getchannel("A")
    visible = ImageStat.Stat(picture.convert("L"), alpha.point(lambda value: value and 255))
    is_dark = not visible.count[0] or visible.mean[0] < _DARK
    ground = Image.new("RGB", picture.size, "white" if is_dark else "black")
    ground.paste(picture, mask=alpha)
    return ground
