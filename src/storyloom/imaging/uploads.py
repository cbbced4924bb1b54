"""Pictures from outside, made safe: decoded under caps, and written anew without metadata.

Everything here is pure and synchronous; callers run it in a thread. Faults are `InvalidInput` with
one of the kinds `base64_invalid`, `image_too_large`, `image_type_unsupported`,
`image_too_many_pixels` and `image_broken`; the caller adds the field's path.
"""

import binascii
import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from storyloom.errors import InvalidInput
from storyloom.imaging.schemas import MediaType

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

MAX_PIXELS = 40_000_000

_DATA_URL = re.compile(r"data:[^,;\s]{0,100}(?:;[^,;\s]{1,100}){0,8};base64,", re.IGNORECASE)
_BLANKS = b" \t\r\n\v\f"
_GIF_EXTENSION, _GIF_FRAME = 0x21, 0x2C
_URL_SAFE = bytes.maketrans(b"-_", b"+/")
# What Pillow's readers raise for damaged files, as found by feeding them damaged files.
_DAMAGE = (OSError, SyntaxError, ValueError, LookupError, TypeError, OverflowError,
           EOFError, MemoryError, RuntimeError, AttributeError, struct.error, zlib.error)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedImage:
    """A picture that is safe to keep and to show: upright, first frame only, no metadata."""

    data: bytes
    media_type: MediaType
    width: int
    height: int


def decode_base64_image(data: str, max_bytes: int) -> bytes:
    """Decode base64, with or without a data URL's prefix; raises `InvalidInput`.

    White space, the URL-safe alphabet and missing padding are tolerated.
    """
    prefix = _DATA_URL.match(data)
    start = prefix.end() if prefix else 0
    # Four letters carry three bytes. Before blanks are dropped, allow for one in every eight.
    most = -(-max_bytes // 3) * 4
    if len(data) - start > most + most // 8 + 64:
        raise _too_large(max_bytes)
    try:
        letters = data[start:].encode("ascii").translate(_URL_SAFE, _BLANKS).rstrip(b"=")
        if len(letters) > most:
            raise _too_large(max_bytes)
        raw = binascii.a2b_base64(letters + b"=" * (-len(letters) % 4), strict_mode=True)
    except (UnicodeEncodeError, binascii.Error):
        raise _not_base64() from None
    if not raw:
        raise _not_base64()
    if len(raw) > max_bytes:
        raise _too_large(max_bytes)
    return raw


def check_image(raw: bytes, *, max_bytes: int, max_pixels: int = MAX_PIXELS) -> CheckedImage:
    """Decode an untrusted picture under caps and write it anew; raises `InvalidInput`.

    Its kind is told by its content. A photograph (JPEG) stays a JPEG, because as PNG it could be
    ten times as large; everything else becomes a PNG.
    """
    if len(raw) > max_bytes:
        raise _too_large(max_bytes)
    clean = decode_image(raw, max_pixels=max_pixels)
    media_type = MediaType.JPEG if _kind(raw) is MediaType.JPEG else MediaType.PNG
    return CheckedImage(_encode(clean, media_type), media_type, clean.width, clean.height)


def decode_image(raw: bytes, *, max_pixels: int = MAX_PIXELS) -> "Image":
    """Decode the first frame, upright, as greys, colours or colours with transparency.

    Raises `InvalidInput`.
    """
    kind = _kind(raw)
    try:
        _refuse_many_pixels(_announced_size(raw, kind), max_pixels)
        picture = _open(raw, kind)
        _refuse_many_pixels(picture.size, max_pixels)
        return _clean(picture)
    except _DAMAGE as fault:
        raise InvalidInput(
            f"The picture is broken: its {kind.name} data cannot be decoded.", kind="image_broken"
        ) from fault


def _kind(raw: bytes) -> MediaType:
    if raw.startswith(b"\x89PNG\r\n\x1a\n"):
        return MediaType.PNG
    if raw.startswith(b"\xff\xd8\xff"):
        return MediaType.JPEG
    if raw.startswith((b"GIF87a", b"GIF89a")):
        return MediaType.GIF
    if raw.startswith(b"RIFF") and raw[8:12] == b"WEBP":
        return MediaType.WEBP
    raise InvalidInput(
        "The picture is neither PNG, JPEG, WebP nor GIF; save it as one of these.",
        kind="image_type_unsupported",
    )


def _announced_size(raw: bytes, kind: MediaType) -> tuple[int, int]:
    """Tell the size where opening alone would already take memory for it, or warn about it."""
    if kind is MediaType.WEBP:
        return _webp_size(raw)
    return _gif_size(raw) if kind is MediaType.GIF else (0, 0)


def _webp_size(raw: bytes) -> tuple[int, int]:
    if raw[12:16] == b"VP8X":
        return (
            int.from_bytes(raw[24:27], "little") + 1,
            int.from_bytes(raw[27:30], "little") + 1,
        )
    if raw[12:16] == b"VP8L":
        bits = int.from_bytes(raw[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", raw, 26)
    return width & 0x3FFF, height & 0x3FFF


def _gif_size(raw: bytes) -> tuple[int, int]:
    """Join the screen and the first frame, which may reach beyond the screen."""
    width, height, flags = struct.unpack_from("<HHB", raw, 6)
    at = 13 + (3 << (flags & 7) + 1 if flags & 0x80 else 0)
    while raw[at] == _GIF_EXTENSION:
        at += 2
        while raw[at]:
            at += raw[at] + 1
        at += 1
    if raw[at] != _GIF_FRAME:
        raise ValueError  # Pillow would skip such bytes, and then see a frame that we did not
    left, top, frame_width, frame_height = struct.unpack_from("<HHHH", raw, at + 1)
    return max(width, left + frame_width), max(height, top + frame_height)


def _refuse_many_pixels(size: tuple[int, int], max_pixels: int) -> None:
    if size[0] * size[1] > max_pixels:
        raise InvalidInput(
            f"The picture has more than {max_pixels:,} pixels; make it smaller.",
            kind="image_too_many_pixels",
        )


def _open(raw: bytes, kind: MediaType) -> "ImageFile":
    """Read the header with the one reader that fits; no pixel is decoded yet.

    `Image.open` is not used: it would try other readers, and warn about large pictures, which
    are ours to refuse.
    """
    from PIL.GifImagePlugin import GifImageFile  # noqa: PLC0415 - Pillow loads on first use
    from PIL.JpegImagePlugin import JpegImageFile  # noqa: PLC0415
    from PIL.PngImagePlugin import PngImageFile  # noqa: PLC0415
    from PIL.WebPImagePlugin import WebPImageFile  # noqa: PLC0415

    readers = {
        MediaType.PNG: PngImageFile,
        MediaType.JPEG: JpegImageFile,
        MediaType.WEBP: WebPImageFile,
        MediaType.GIF: GifImageFile,
    }
    return readers[kind](BytesIO(raw))


def _clean(picture: "ImageFile") -> "Image":
    from PIL import ImageOps  # noqa: PLC0415

    picture.load()
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I"):
        # Greys of 16 bits: without the division, every one above 255 would turn white.
        upright = upright.convert("I").point(lambda grey: grey * (1 / 257)).convert("L")
        upright.info.clear()
    has_alpha = upright.mode in {"RGBA", "LA", "PA"} or "transparency" in upright.info
    clean = upright.convert("RGBA" if has_alpha else "L" if upright.mode in {"1", "L"} else "RGB")
    # The writers copy what they find here (colour profile, EXIF, comments) into the new file.
    clean.info.clear()
    return clean


def _encode(picture: "Image", media_type: MediaType) -> bytes:
    out = BytesIO()
    if media_type is MediaType.JPEG:
        picture.save(out, "JPEG", quality=88, subsampling=0)
    else:
        picture.save(out, "PNG", compress_level=3)
    return out.getvalue()


def _too_large(max_bytes: int) -> InvalidInput:
    size = f"{max_bytes / 1024 / 1024:g} MiB" if max_bytes >= 1024 * 1024 else f"{max_bytes} bytes"
    return InvalidInput(f"The picture is larger than {size}.", kind="image_too_large")


def _not_base64() -> InvalidInput:
    return InvalidInput(
        "The picture is not valid base64. Send the file's bytes as base64, "
        "with or without a prefix such as data:image/png;base64,",
        kind="base64_invalid",
    )
