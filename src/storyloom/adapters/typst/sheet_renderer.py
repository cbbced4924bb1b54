"""Contact sheets typeset with Typst."""

from collections.abc import Mapping
from functools import partial

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._sheet import sheet_of
from storyloom.boards.export.schemas import Reel, SheetLayout
from storyloom.boards.schemas import Drawing

TEMPLATE = "sheet"
# A4, lying, in points.
_WIDTH, _HEIGHT = 842, 595


class TypstSheetRenderer:
    """A `SheetRenderer` that runs in this process and needs nothing but its package."""

    def __init__(self, *, threads: int = 1, system_fonts: bool = True) -> None:
        """Typeset so many sheets at a time; leave the system's fonts alone if told to."""
        self._typesetter = Typesetter(threads)
        self._system_fonts = system_fonts

    async def sheet(
        self, reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes]
    ) -> Drawing:
        """A PDF: the report where there is one, then the pictures."""
        return await self._typesetter.run(partial(self._sheet, reel, layout, thumbnails))

    async def ping(self) -> None:
        """Return when it can typeset; raise `Unavailable` when it cannot."""
        await self._typesetter.ping()

    def _sheet(self, reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes]) -> Drawing:
        pages = sheet_of(reel, layout, thumbnails, system_fonts=self._system_fonts)
        sheet = self._typesetter.compile(
            TEMPLATE, pages.data, "pdf", system_fonts=pages.wardrobe.needs_system_fonts
        )
        return Drawing(
            data=sheet.data,
            width=_WIDTH,
            height=_HEIGHT,
            missing_glyphs=tuple(sorted(pages.wardrobe.missing)),
            # What made a picture is told in full by every other export.
            truncated=tuple(name for name in sheet.truncated if not name.endswith(".made")),
        )
