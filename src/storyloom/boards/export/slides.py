"""A reel as PowerPoint slides: real pictures and real text, to be changed by whoever gets them."""

from importlib.util import find_spec
from io import BufferedWriter, BytesIO, FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from anyio import from_thread

from storyloom.boards.colours import legible
from storyloom.boards.export.report import facts_of, headline_of
from storyloom.boards.export.schemas import Badge, Reel, ReelItem, ReelReport, Shape
from storyloom.boards.text import clean, direction
from storyloom.errors import Unsupported

if TYPE_CHECKING:
    from pptx.dml.color import RGBColor
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

# Inches.
_WIDTH, _HEIGHT = 13.333, 7.5
_MARGIN, _GAP = 0.55, 0.45
_PICTURES = {Shape.WIDE: (8.6, 4.8375), Shape.TALL: (3.6, 6.4)}
_BLANK = 6  #: the layout without placeholders
_CAPS = {"title": 160, "caption": 500, "notes": 4000}
_INK, _SOFT, _PAPER, _TINT = "#14161f", "#5b6070", "#ffffff", "#eceef6"
_BADGES = {Badge.FAILED: "#b93d24", Badge.DEGRADED: "#8a5a00"}
_MOST_LISTED = 8
_SIDE, _SIDE_OF_MANY, _MANY = 1280, 800, 300


def picture_side(slides: int) -> int:
    """The longer side of each picture in pixels: a deck is in memory as a whole."""
    return _SIDE if slides <= _MANY else _SIDE_OF_MANY


def has_slides() -> bool:
    """Whether the package for slides is installed."""
    return find_spec("pptx") is not None


def check_slides() -> None:
    """Look for the package for slides; raises `Unsupported` where it is not installed."""
    if not has_slides():
        raise Unsupported(
            "Slides need a package more: pip install 'storyloom[pptx]'", system="python-pptx"
        )


class _Wanted(BufferedWriter):
    """A large file that is written in a thread for as long as the task that waits is not cancelled."""

    def write(self, data: Any, /) -> int:
        """Write it."""
        from_thread.check_cancelled()
        return super().write(data)


class Deck:
    """Slides that are being made. Pictures are kept in memory, so they should be small files."""

    def __init__(self, reel: Reel) -> None:
        """Begin with the title; raises `Unsupported` where the package for it is not installed."""
        check_slides()
        from pptx import Presentation  # noqa: PLC0415 - an extra, loaded for those who use it
        from pptx.util import Inches  # noqa: PLC0415

        self._inches = Inches
        self._deck = Presentation()
        self._deck.slide_width, self._deck.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
        self._primary = legible(reel.palette).primary
        self._deck.core_properties.title = clean(reel.title, _CAPS["title"])
        self._deck.core_properties.author = "Storyloom"
        self._add_title(reel)

    def add(self, item: ReelItem, jpeg: bytes | None) -> None:
        """Add a slide: the picture, its words beside it, its notes beneath."""
        slide = self._slide(_PAPER)
        wide, high = _PICTURES[item.shape]
        top = (_HEIGHT - high) / 2
        if jpeg is None:
            self._fill(slide, (_MARGIN, top, wide, high), _TINT)
        else:
            box = (_MARGIN, top, wide, high)
            picture = slide.shapes.add_picture(BytesIO(jpeg), *map(self._inches, box))
            picture.name = f"Picture {item.number}"
            # What is read to those who cannot see it.
            described = cast("Any", picture.element).nvPicPr.cNvPr
            described.set("descr", clean(item.caption or item.scene, 300))
        left = _MARGIN + wide + _GAP
        words = self._text(slide, (left, top, _WIDTH - left - _MARGIN, high))
        self._say(words, f"{item.number}   {item.scene}".strip(), 12, self._primary, bold=True)
        self._say(words, clean(item.caption, _CAPS["caption"]), 22, _INK, bold=True)
        for badge in item.badges:
            self._say(words, badge.value, 12, _BADGES.get(badge, _SOFT), bold=True)
        made = "  ·  ".join(filter(None, (f"{item.duration_s:.1f} s", item.made_by)))
        self._say(words, made, 11, _SOFT)
        if item.notes and (notes := slide.notes_slide.notes_text_frame) is not None:
            lines = (clean(line) for line in item.notes[: _CAPS["notes"]].splitlines())
            notes.text = "\n".join(lines)

    def save(self, path: Path) -> None:
        """Write the file; in a thread of AnyIO's, so that it can be given up."""
        with _Wanted(FileIO(path, "wb")) as file:
            self._deck.save(file)

    def _add_title(self, reel: Reel) -> None:
        slide = self._slide(self._primary)
        words = self._text(slide, (_MARGIN + 0.3, 1.2, _WIDTH - 2 * _MARGIN - 0.6, 5.4))
        self._say(words, clean(reel.title, _CAPS["title"]), 44, _PAPER, bold=True)
        self._say(words, clean(reel.episode, _CAPS["title"]), 20, _PAPER)
        if reel.report is not None:
            self._report(words, reel.report)

    def _report(self, words: "TextFrame", report: ReelReport) -> None:
        self._say(words, clean(headline_of(report)), 20, _PAPER, bold=True)
        facts = "     ".join(f"{name}: {value}" for name, value in facts_of(report))
        self._say(words, facts, 14, _PAPER)
        for remark in report.decisions[:_MOST_LISTED]:
            number = "" if remark.number is None else f"{remark.number}: "
            self._say(words, f"{number}{clean(remark.text, 200)}", 13, _PAPER)

    def _slide(self, ground: str) -> "Slide":
        slide = self._deck.slides.add_slide(self._deck.slide_layouts[_BLANK])
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = as_rgb(ground)
        return slide

    def _fill(self, slide: "Slide", box: tuple[float, ...], colour: str) -> None:
        from pptx.enum.shapes import MSO_SHAPE  # noqa: PLC0415

        x, y, width, height = map(self._inches, box)
        shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, x, y, width, height)
        shape.fill.solid()
        shape.fill.fore_color.rgb = as_rgb(colour)
        shape.line.fill.background()

    def _text(self, slide: "Slide", box: tuple[float, ...]) -> "TextFrame":
        x, y, width, height = map(self._inches, box)
        frame = slide.shapes.add_textbox(x, y, width, height).text_frame
        frame.word_wrap = True
        return frame

    def _say(
        self, words: "TextFrame", text: str, size: int, colour: str, *, bold: bool = False
    ) -> None:
        from pptx.util import Pt  # noqa: PLC0415

        if not (text := clean(text)):
            return
        is_first = len(words.paragraphs) == 1 and not words.paragraphs[0].runs
        paragraph = words.paragraphs[0] if is_first else words.add_paragraph()
        run = paragraph.add_run()
        run.text = text
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = as_rgb(colour)
        paragraph.space_after = Pt(size * 0.7)
        if direction(text) == "rtl":
            # Nothing public says it.
            properties = cast("Any", paragraph)._p.get_or_add_pPr()  # noqa: SLF001
            properties.set("rtl", "1")
            properties.set("algn", "r")


def as_rgb(colour: str) -> "RGBColor":
    """A colour `#rrggbb` as slides take it."""
    from pptx.dml.color import RGBColor  # noqa: PLC0415

    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return RGBColor(red, green, blue)
