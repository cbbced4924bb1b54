"""A logo from outside, made safe to stand on a board: decoded under caps, and written anew."""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from storyloom.errors import InvalidInput
from storyloom.imaging.uploads import decode_image

if TYPE_CHECKING:
    from PIL.Image import Image

LOGOS = "logos"  #: their folder in the image store
MAX_BYTES = 2 * 1024 * 1024
MAX_PIXELS = 16_000_000
#: What a board three times as large would need.
_WIDTH, _HEIGHT = 600, 160
_LIGHT = 200  #: of 255, the mean of what can be seen
_SEEN = 16  #: of 255; less of a pixel cannot be seen
_SPARSE = 0.9  #: a picture with no more of its area filled has no ground of its own
_UNSUPPORTED = "image_type_unsupported"
_KINDS = "A logo has to be a PNG, JPEG or WebP."


@dataclass(frozen=True, slots=True)
class CheckedLogo:
    """A logo as a small PNG."""

    data: bytes
    width: int
    height: int
    is_light: bool


def check_logo(raw: bytes) -> CheckedLogo:
    """Decode it, crop it to what can be seen, and write it anew; blocks. Raises `InvalidInput`."""
    try:
        return _written(_decoded(raw))
    except InvalidInput as fault:
        says = _KINDS if fault.kind == _UNSUPPORTED else fault.message
        raise InvalidInput(says, loc=("body",), kind=fault.kind) from fault


def _decoded(raw: bytes) -> "Image":
    if len(raw) > MAX_BYTES:
        raise InvalidInput("The logo is larger than 2 MiB.", kind="image_too_large")
    if raw.startswith(b"GIF8"):
        raise InvalidInput(kind=_UNSUPPORTED)
    return decode_image(raw, max_pixels=MAX_PIXELS).convert("RGBA")


def _written(picture: "Image") -> CheckedLogo:
    from PIL import Image  # noqa: PLC0415 - Pillow loads on first use

    box = _seen(picture).getbbox()
    if box is None:
        raise InvalidInput("Nothing of the logo can be seen.", kind="image_broken")
    logo = picture.crop(box)
    logo.thumbnail((_WIDTH, _HEIGHT), Image.Resampling.LANCZOS)
    out = BytesIO()
    logo.save(out, "PNG", optimize=True)
    return CheckedLogo(out.getvalue(), logo.width, logo.height, _is_light(logo))


def _is_light(logo: "Image") -> bool:
    from PIL import ImageStat  # noqa: PLC0415 - as above

    seen = _seen(logo)
    filled = ImageStat.Stat(seen).mean[0] / 255
    return filled < _SPARSE and ImageStat.Stat(logo.convert("L"), seen).mean[0] > _LIGHT


def _seen(picture: "Image") -> "Image":
    """White where something can be seen."""
    return picture.getchannel("A").point([0] * _SEEN + [255] * (256 - _SEEN))
