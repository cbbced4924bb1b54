"""From a reel to the PDF of its contact sheet, in the thread that calls."""

from collections.abc import Mapping

from storyloom.adapters.typst._compiler import Typesetter
from storyloom.adapters.typst._sheet import sheet_of
from storyloom.boards.export.schemas import Reel, SheetLayout
from storyloom.boards.schemas import Drawing

TEMPLATE = "sheet"
# A4, lying, in points.
_WIDTH, _HEIGHT = 842, 595


def drawn(
    typesetter: Typesetter,
    reel: Reel,
    layout: SheetLayout,
    thumbnails: Mapping[int, bytes],
    *,
    system_fonts: bool,
) -> Drawing:
    """The report where there is one, then the pictures."""
    pages = sheet_of(reel, layout, thumbnails, system_fonts=system_fonts)
    sheet = typesetter.compile(
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
