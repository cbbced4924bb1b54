"""The slot of the hero illustration."""

import pytest

from storyloom.boards.hero import hero_art_size
from storyloom.boards.schemas import BoardFormat


@pytest.mark.parametrize("board_format", BoardFormat)
def test_every_format_has_a_slot_that_image_models_like(board_format: BoardFormat) -> None:
    width, height = hero_art_size(board_format)

    assert width % 64 == height % 64 == 0
    assert width * height <= 2_000_000
