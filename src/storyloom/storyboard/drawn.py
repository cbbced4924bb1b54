"""What a pipeline leaves behind of a storyboard: its picture, its board, its art."""

from pydantic import BaseModel, ConfigDict

from storyloom.boards.schemas import Board
from storyloom.imaging.schemas import ImageRef
from storyloom.storyboard.schemas import Render


class Art(BaseModel):
    """What the illustrating step leaves behind.

    Of a painted page, `picture` is the whole page; of all others, the hero's illustration.
    `by_model` tells art that was paid for from scenes that are drawn again for nothing.
    """

    model_config = ConfigDict(frozen=True)

    picture: ImageRef
    by_model: bool = False
    warnings: tuple[str, ...] = ()


class Drawn(BaseModel):
    """What the drawing step leaves behind: the board as data, and where its picture lies."""

    model_config = ConfigDict(frozen=True)

    board: Board
    picture: ImageRef
    warnings: tuple[str, ...]
    render: Render = Render.COMPOSED
    art_by_model: bool = False
