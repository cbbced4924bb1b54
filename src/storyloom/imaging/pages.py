"""A page that is one picture, in the formats that people ask for.

Everything here is pure and synchronous; callers run it in a thread.
"""

from base64 import b64encode
from html import escape
from io import BytesIO

from storyloom.imaging.uploads import decode_image

_PDF_QUALITY = 92


def as_png(picture: bytes) -> bytes:
    """The picture as a PNG without metadata; raises `InvalidInput` when it cannot be decoded."""
    out = BytesIO()
    decode_image(picture).convert("RGB").save(out, "PNG", compress_level=6)
    return out.getvalue()


def as_svg(png: bytes, *, size: tuple[int, int], title: str, description: str) -> bytes:
    """The picture in an SVG of this size, with words for those who cannot see it."""
    width, height = size
    data = b64encode(png).decode("ascii")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f'<image width="{width}" height="{height}" xlink:href="data:image/png;base64,{data}"/>'
        f"</svg>"
    ).encode()


def as_pdf(png: bytes, *, title: str) -> bytes:
    """The picture as the one page of a PDF, a point for each pixel. It bears no date."""
    out = BytesIO()
    page = decode_image(png).convert("RGB")
    page.save(out, "PDF", quality=_PDF_QUALITY, title=title, creationDate=None, modDate=None)
    return out.getvalue()
