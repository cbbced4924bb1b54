"""What a pipeline leaves behind of a storyboard: its picture, its board, its art."""

from pydantic import BaseModel, ConfigDict, JsonValue

from storyloom.boards.schemas import Board
from storyloom.imaging.schemas import ImageRef
from storyloom.storyboard.schemas import Render, Understanding


class Art(BaseModel):
    """What the illustrating step leaves behind.

    Of a painted page, `picture` is the whole page; of all others, the hero's illustration.
    `by_model` tells art that was paid for from scenes that are drawn again for nothing.
    """

    model_config = ConfigDict(frozen=True)

    picture: ImageRef
    by_model: bool = False
    warnings: tuple[str, ...] = ()
    degraded: tuple[str, ...] = ()  #: why it is not of the wanted model


class Drawn(BaseModel):
    """What the drawing step leaves behind: the board as data, and where its picture lies."""

    model_config = ConfigDict(frozen=True)

    board: Board
    picture: ImageRef
    warnings: tuple[str, ...]
    render: Render = Render.COMPOSED
    art_by_model: bool = False
    art_degraded: tuple[str, ...] = ()

    def told(self, understanding: JsonValue) -> JsonValue:
        """The understanding as the job tells it: what its art lacks is said there as well."""
        read = Understanding.model_validate(understanding)
        degraded = tuple(dict.fromkeys((*read.degraded, *self.art_degraded)))
        return read.model_copy(update={"degraded": degraded}).model_dump(mode="json")

    def untold(self, understanding: Understanding) -> Understanding:
        """The understanding without that, for a page with other art."""
        own = tuple(one for one in understanding.degraded if one not in self.art_degraded)
        return understanding.model_copy(update={"degraded": own})
