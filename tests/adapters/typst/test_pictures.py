"""Pictures from outside: only pixels, or a plain drawing, get onto a page."""

import base64
import io
import re

import pytest
from PIL import Image

from storyloom.adapters.typst import _pictures as pictures
from storyloom.adapters.typst._pictures import as_svg
from storyloom.errors import InvalidInput

SIZE = (320, 200)
HEAD = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'


def _encoded(kind: str, mode: str = "RGB") -> bytes:
    out = io.BytesIO()
    Image.new(mode, (640, 300), 120).save(out, kind)
    return out.getvalue()


def _decoded(svg: str) -> Image.Image:
    match = re.search(r"data:image/jpeg;base64,([^\"]+)", svg)
    assert match is not None
    return Image.open(io.BytesIO(base64.b64decode(match[1])))


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("JPEG", "L"), ("WEBP", "RGB")])
def test_pixels_are_cropped_to_the_slot_and_encoded_anew(kind: str, mode: str) -> None:
    image = _decoded(as_svg(_encoded(kind, mode), SIZE))

    assert (image.format, image.size, image.mode) == ("JPEG", SIZE, "RGB")


def test_nothing_but_pixels_gets_through() -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "a secret place"
    Image.new("RGB", (64, 64)).save(out, "JPEG", exif=exif)

    assert not _decoded(as_svg(out.getvalue(), SIZE)).getexif()


@pytest.mark.parametrize(
    "picture",
    [b"", b"not a picture", _encoded("GIF"), _encoded("PNG")[:200], _encoded("BMP")],
    ids=["empty", "text", "gif", "half a png", "bmp"],
)
def test_other_files_are_refused(picture: bytes) -> None:
    with pytest.raises(InvalidInput):
        as_svg(picture, SIZE)


def test_too_many_pixels_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 1000)

    with pytest.raises(InvalidInput, match="pixels"):
        as_svg(_encoded("PNG"), SIZE)


def test_a_plain_drawing_is_taken_as_it_is() -> None:
    svg = HEAD + b'<g fill="url(#a)"><use xlink:href="#b"/></g></svg>'

    assert as_svg(svg, SIZE) == svg.decode()


@pytest.mark.parametrize(
    "inside",
    [
        b"<script>alert(1)</script>",
        b'<rect onload="x()"/>',
        b'<image href="https://example.com/a.png"/>',
        b"<image xlink:href='file:///etc/passwd'/>",
        b'<image href="data:text/html;base64,AAAA"/>',
        b'<rect fill="url(https://example.com/#a)"/>',
        b"<foreignObject/>",
        b"<style>@import 'x'</style>",
        b"<image href=/etc/passwd />",
        b"\xff\xfe",
    ],
)
def test_a_drawing_with_more_than_shapes_is_refused(inside: bytes) -> None:
    with pytest.raises(InvalidInput):
        as_svg(HEAD + inside + b"</svg>", SIZE)


def test_a_huge_drawing_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_SVG_BYTES", 10)

    with pytest.raises(InvalidInput, match="large"):
        as_svg(HEAD + b"</svg>", SIZE)
