"""Boards drawn with Typst: the words typeset, the scenes drawn, from one template."""

from dataclasses import dataclass
from functools import partial

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._page import page_of
from storyloom.adapters.typst._pictures import as_svg, png_as_svg
from storyloom.adapters.typst._png import with_note
from storyloom.adapters.typst._svg import with_words
from storyloom.boards.hero import hero_art_size
from storyloom.boards.schemas import Board, BoardFormat, Drawing, FileFormat
from storyloom.boards.text import clean

TEMPLATE = "board"


@dataclass(frozen=True, slots=True)
class _Pictures:
    """The files that stand on a page."""

    art: bytes | None
    logo: bytes | None


class TypstBoardRenderer:
    """A `BoardRenderer` that runs in this process and needs nothing but its package."""

    def __init__(self, *, threads: int = 2, system_fonts: bool = True) -> None:
        """Draw so many boards at a time; leave the system's fonts alone if told to."""
        self._typesetter = Typesetter(threads)
        self._system_fonts = system_fonts

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

        `art` is a PNG, JPEG or WebP picture, or an SVG drawing; anything else is `InvalidInput`. The
        logo is a PNG of ours.
        """
        pictures = _Pictures(art, None if board.brand.logo is None else logo)
        return await self._typesetter.run(partial(self._draw, board, file_format, pictures, scale))

    async def ping(self) -> None:
        """Return when it can draw; raise `Unavailable` when it cannot."""
        await self._typesetter.ping()

    def _draw(
        self, board: Board, file_format: FileFormat, pictures: _Pictures, scale: float
    ) -> Drawing:
        art, logo = pictures.art, pictures.logo
        picture = None if art is None else as_svg(art, _art_size(board.format, scale))
        page = page_of(board, art=picture, system_fonts=self._system_fonts)
        sheet = self._typesetter.compile(
            TEMPLATE,
            page.data,
            file_format.value,
            pictures={"art": picture, "logo": None if logo is None else png_as_svg(logo)},
            scale=scale,
            system_fonts=page.wardrobe.needs_system_fonts,
        )
        is_png = file_format is FileFormat.PNG
        width, height = board.format.size
        return Drawing(
            data=_told(sheet.data, board, file_format),
            width=round(width * scale) if is_png else width,
            height=round(height * scale) if is_png else height,
            missing_glyphs=tuple(sorted(page.wardrobe.missing)),
            truncated=tuple(dict.fromkeys((*page.truncated, *sheet.truncated))),
        )


def _told(drawn: bytes, board: Board, file_format: FileFormat) -> bytes:
    if file_format is FileFormat.PNG:
        return with_note(drawn, board.footnote)
    if file_format is FileFormat.SVG:
        told = (board.lead, *(f"{panel.label}: {panel.body}" for panel in board.panels))
        return with_words(drawn, clean(board.headline or board.brand.name), clean(" ".join(told)))
    return drawn


def _art_size(board_format: BoardFormat, scale: float) -> tuple[int, int]:
    width, height = hero_art_size(board_format)
    return round(width * max(1.0, scale)), round(height * max(1.0, scale))
