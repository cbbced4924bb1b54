"""A storyboard as PowerPoint slides: its picture, and its words beside it, to be changed."""

from io import BytesIO
from typing import TYPE_CHECKING, Any, cast

from storyloom.boards.colours import legible
from storyloom.boards.export.slides import as_rgb, check_slides
from storyloom.boards.schemas import Board
from storyloom.boards.text import clean, direction

if TYPE_CHECKING:
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

_PIXELS_PER_INCH = 144
_BLANK = 6  #: the layout without placeholders
_MARGIN = 0.07  #: of the slide's shorter side
_INK, _SOFT = "#14161f", "#5b6070"
_HEAD, _LEAD, _LABEL, _BODY = 32, 16, 12, 14  #: points, on a slide seven and a half inches high
_HEIGHT_OF_THOSE = 7.5


def board_slides(board: Board, png: bytes) -> bytes:
    """Two slides of the page's shape; raises `Unsupported` where the package is not installed.

    Synchronous, some 60 ms; callers run it in a thread.
    """
    check_slides()
    from pptx import Presentation  # noqa: PLC0415 - an extra, loaded for those who use it
    from pptx.util import Inches  # noqa: PLC0415

    deck = Presentation()
    wide, high = (Inches(side / _PIXELS_PER_INCH) for side in board.format.size)
    deck.slide_width, deck.slide_height = wide, high
    deck.core_properties.title = clean(board.headline)
    deck.core_properties.author = "Storyloom"
    first = deck.slides.add_slide(deck.slide_layouts[_BLANK])
    picture = first.shapes.add_picture(BytesIO(png), Inches(0), Inches(0), wide, high)
    picture.name = "Storyboard"
    # What is read to those who cannot see it.
    cast("Any", picture.element).nvPicPr.cNvPr.set("descr", _told(board))
    if (notes := first.notes_slide.notes_text_frame) is not None:
        notes.text = _told(board)
    _words(deck.slides.add_slide(deck.slide_layouts[_BLANK]), board)
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def _told(board: Board) -> str:
    panels = (f"{panel.label}: {panel.body}" for panel in board.panels)
    return "\n".join(filter(None, map(clean, (board.headline, board.lead, *panels))))


def _words(slide: "Slide", board: Board) -> None:
    from pptx.util import Inches  # noqa: PLC0415

    width, height = (side / _PIXELS_PER_INCH for side in board.format.size)
    margin = _MARGIN * min(width, height)
    box = (margin, margin, width - 2 * margin, height - 2 * margin)
    frame = slide.shapes.add_textbox(*map(Inches, box)).text_frame
    frame.word_wrap = True
    scale = min(width, height) / _HEIGHT_OF_THOSE
    primary = legible(board.brand.palette).primary
    _say(frame, board.headline, _HEAD * scale, primary, bold=True)
    _say(frame, board.lead, _LEAD * scale, _SOFT)
    for panel in board.panels:
        _say(frame, panel.label, _LABEL * scale, primary, bold=True)
        _say(frame, panel.body, _BODY * scale, _INK)


def _say(frame: "TextFrame", text: str, size: float, colour: str, *, bold: bool = False) -> None:
    from pptx.util import Pt  # noqa: PLC0415

    if not (text := clean(text)):
        return
    is_first = not frame.paragraphs[0].runs
    paragraph = frame.paragraphs[0] if is_first else frame.add_paragraph()
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold = Pt(round(size)), bold
    run.font.color.rgb = as_rgb(colour)
    paragraph.space_after = Pt(round(size / 2))
    if direction(text) == "rtl":
        # Nothing public says it.
        properties = cast("Any", paragraph)._p.get_or_add_pPr()  # noqa: SLF001
        properties.set("rtl", "1")
        properties.set("algn", "r")
