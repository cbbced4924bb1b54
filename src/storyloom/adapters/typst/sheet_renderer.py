"""Contact sheets typeset with Typst."""

from collections.abc import Mapping
from functools import partial

from anyio import CapacityLimiter

from storyloom.adapters.typst._apart import drawn_apart
from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._sheet_drawing import drawn
from storyloom.boards.export.schemas import Reel, SheetLayout
from storyloom.boards.schemas import Drawing

#: More than these take too long for what cannot be ended.
MANY = 60


class TypstSheetRenderer:
    """A `SheetRenderer` that needs nothing but its package.

    Small sheets are typeset in this process, and large ones in one of their own.
    """

    def __init__(self, *, threads: int = 1, system_fonts: bool = True) -> None:
        """Typeset so many sheets at a time; leave the system's fonts alone if told to."""
        self._typesetter = Typesetter(threads)
        self._apart = CapacityLimiter(threads)
        self._system_fonts = system_fonts

    async def sheet(
        self, reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes]
    ) -> Drawing:
        """A PDF: the report where there is one, then the pictures."""
        fonts = self._system_fonts
        if len(reel.items) > MANY:
            async with self._apart:
                return await drawn_apart(reel, layout, thumbnails, system_fonts=fonts)
        here = (self._typesetter, reel, layout, thumbnails)
        return await self._typesetter.run(partial(drawn, *here, system_fonts=fonts))

    async def ping(self) -> None:
        """Return when it can typeset; raise `Unavailable` when it cannot."""
        await self._typesetter.ping()
