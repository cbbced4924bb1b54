"""Small copies of pictures, for pages that show many."""

from storyloom.errors import InvalidInput
from storyloom.imaging.fitting import fitted
from storyloom.imaging.schemas import ImageRef, MediaType

LONGER_SIDE = 560  #: pixels


def small_copy(data: bytes, picture: ImageRef) -> tuple[bytes, MediaType]:
    """A JPEG of the picture's shape; the picture itself where it is small or cannot be decoded.

    Takes some 20 ms for a million pixels; callers run it in a thread.
    """
    scale = LONGER_SIDE / max(picture.width, picture.height, 1)
    if scale >= 1:
        return data, picture.media_type
    width, height = round(picture.width * scale), round(picture.height * scale)
    try:
        return fitted(data, max(width, 1), max(height, 1))
    except InvalidInput:
        return data, picture.media_type
