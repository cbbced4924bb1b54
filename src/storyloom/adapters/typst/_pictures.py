"""Pictures from outside, made safe to stand on a page.

A page takes a picture as SVG text. Pixels are decoded here (three formats, a pixel cap), cropped,
and encoded anew, so that nothing but pixels gets through. An SVG is only taken when it is as plain
as the ones that we draw.
"""

import base64
import io
import re

from storyloom.errors import InvalidInput

MAX_PIXELS = 40_000_000
MAX_SVG_BYTES = 2 * 1024 * 1024
_FORMATS = ("PNG", "JPEG", "WEBP")
_QUALITY = 92
_ACTIVE = re.compile(
    r"<\s*(?:script|foreignobject|style|animate|set|handler|iframe|!doctype|!entity)"
    r"|\bon[a-z]+\s*=|javascript:|@import|href\s*=\s*[^\s\"']|<\?(?!xml )",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:href\s*=\s*[\"']|url\(\s*[\"']?)\s*([^\"')]*)", re.IGNORECASE)
_OWN_LINK = re.compile(r"(?:#[\w.-]+|data:image/(?:png|jpeg|svg\+xml);base64,[\w+/=\s]*)$")


def as_svg(picture: bytes, size: tuple[int, int]) -> str:
    """The picture as SVG text: a plain SVG as it is, pixels cropped to `size`.

    Raises `InvalidInput` when it is neither, or too large.
    """
    if picture.lstrip()[:5] in (b"<svg ", b"<?xml"):
        return _checked_svg(picture)
    jpeg = base64.b64encode(_reencoded(picture, size)).decode("ascii")
    width, height = size
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}"'
        f' xlink:href="data:image/jpeg;base64,{jpeg}"/></svg>'
    )


def png_as_svg(png: bytes) -> str:
    """A PNG that we have written ourselves as SVG text, as large as it is."""
    width, height = (int.from_bytes(png[place : place + 4]) for place in (16, 20))
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" xlink:href="data:image/png;base64,{data}"/></svg>'
    )


def _checked_svg(picture: bytes) -> str:
    if len(picture) > MAX_SVG_BYTES:
        raise InvalidInput("The picture is too large.", loc=("art",))
    try:
        text = picture.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise InvalidInput("The picture is not readable.", loc=("art",)) from fault
    if _ACTIVE.search(text) or not all(_OWN_LINK.match(link) for link in _LINK.findall(text)):
        raise InvalidInput("The picture holds more than a drawing.", loc=("art",))
    return text


def _reencoded(picture: bytes, size: tuple[int, int]) -> bytes:
    # Most boards show drawings of our own; Pillow is loaded for the others.
    from PIL import Image, ImageOps  # noqa: PLC0415

    try:
        with Image.open(io.BytesIO(picture), formats=_FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise InvalidInput("The picture has too many pixels.", loc=("art",))
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise InvalidInput("The picture is not readable.", loc=("art",)) from fault
    out = io.BytesIO()
    fitted = ImageOps.fit(upright, size, Image.Resampling.LANCZOS)
    fitted.save(out, "JPEG", quality=_QUALITY, subsampling=0)
    return out.getvalue()
