"""The slot for the hero illustration: its size, decided here for whoever makes or draws it."""

from storyloom.boards.schemas import BoardFormat

# One size per format, not per layout: the same picture serves every audience, cropped to its slot
# around the middle. Multiples of 64, as image models like them.
_SIZES = {
    BoardFormat.LANDSCAPE: (1152, 640),
    BoardFormat.PORTRAIT: (832, 1088),
    BoardFormat.SQUARE: (896, 832),
}


def hero_art_size(board_format: BoardFormat) -> tuple[int, int]:
    """Width and height in pixels of the illustration that a board's hero shows."""
    return _SIZES[board_format]
