"""Small copies of pictures, for pages that show many."""

from storyloom.boards.export.schemas import ReelItem
from storyloom.errors import InvalidInput
from storyloom.imaging.fitting import fitted

LONGER_SIDE = 560  #: pixels: at six to a page, 160 to the inch


def thumbnail_of(item: ReelItem, picture: bytes, longer_side: int = LONGER_SIDE) -> bytes | None:
    """The item's picture as a JPEG of its shape; None when it cannot be decoded.

    Takes some 20 ms for a million pixels; callers run it in a thread.
    """
    wide, high = item.shape.ratio
    scale = longer_side / max(wide, high)
    try:
        return fitted(picture, round(wide * scale), round(high * scale))[0]
    except InvalidInput:
        return None
