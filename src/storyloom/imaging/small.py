"""Small copies of pictures, for pages that show many."""

from io import BytesIO

from storyloom.imaging.fitting import opaque
from storyloom.imaging.uploads import decode_image

LONGER_SIDE = 560  #: pixels
_QUALITY = 82


def small_copy(data: bytes, longer_side: int = LONGER_SIDE) -> bytes:
    """Decode an untrusted picture and shrink it to fit into a square, as a JPEG.

    A smaller one keeps its size. Raises `InvalidInput`. It takes some 20 ms for a million pixels;
    callers run it in a thread.
    """
    picture = opaque(decode_image(data))
    picture.thumbnail((longer_side, longer_side))
    out = BytesIO()
    picture.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()
