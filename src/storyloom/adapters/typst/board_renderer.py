"""Boards drawn with Typst: the words typeset, the scenes drawn, from one template."""

from functools import partial
from typing import assert_never

from anyio import to_thread

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._page import Page, page_of
from storyloom.adapters.typst._pictures import as_svg
from storyloom.adapters.typst._png import with_note
from storyloom.boards.hero import hero_art_size
from storyloom.boards.schemas import Board, Drawing, FileFormat
from storyloom.errors import StoryloomError, Unavailable

TEMPLATE = "board"


class TypstBoardRenderer:
    """A `BoardRenderer` that runs in this process and needs nothing but its package."""

    def __init__(self, *, threads: int = 2, system_fonts: bool = True) -> None:
        """Draw so many boards at a time; leave the system's fonts alone if told to."""
        self._typesetter = Typesetter(threads)
        self._system_fonts = system_fonts

    async def draw(
        self, board: Board, file_format: FileFormat, *, art: bytes | None = None, scale: float = 1.0
    ) -> Drawing:
        """Draw the board."""
        self._typesetter.check()
        page = await to_thread.run_sync(partial(self._page, board, art, scale))
        sheet = await self._typesetter.compile(
            TEMPLATE,
            page.data,
            file_format.value,
            scale=scale,
            system_fonts=page.wardrobe.needs_system_fonts,
        )
        width, height = board.format.size
        data, factor = sheet.data, 1.0
        match file_format:
            case FileFormat.PNG:
                data, factor = with_note(data, board.footnote), scale
            case FileFormat.SVG | FileFormat.PDF:
                pass
            case _:  # pragma: no cover
                assert_never(file_format)
        return Drawing(
            data=data,
            width=round(width * factor),
            height=round(height * factor),
            missing_glyphs=tuple(sorted(page.wardrobe.missing)),
            truncated=sheet.truncated,
        )

    async def ping(self) -> None:
        """Return when it can draw; raise `Unavailable` when it cannot."""
        try:
            await self._typesetter.compile("ping", {}, "svg")
        except Unavailable:
            raise
        except StoryloomError as fault:
            raise Unavailable(f"The typesetter does not work: {fault}", system="typst") from fault

    def _page(self, board: Board, art: bytes | None, scale: float) -> Page:
        width, height = hero_art_size(board.format)
        size = (round(width * max(1.0, scale)), round(height * max(1.0, scale)))
        picture = None if art is None else as_svg(art, size)
        return page_of(board, art=picture, system_fonts=self._system_fonts)
