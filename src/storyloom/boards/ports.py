"""What boards need from outside: something that draws them."""

from typing import Protocol

from storyloom.boards.schemas import Board, Drawing, FileFormat


class BoardRenderer(Protocol):
    """Draws boards. The same board gives the same bytes."""

    async def draw(
        self,
        board: Board,
        file_format: FileFormat,
        *,
        art: bytes | None = None,
        logo: bytes | None = None,
        scale: float = 1.0,
    ) -> Drawing:
        """Draw the board.

        `art` holds the bytes of `board.art`, and `logo` those of `board.brand.logo`; `scale` 2.0 doubles the pixels of a PNG.
        """
        ...

    async def ping(self) -> None:
        """Return when it can draw; raise `Unavailable` when it cannot."""
        ...
