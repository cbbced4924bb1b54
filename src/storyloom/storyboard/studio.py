"""The making of one storyboard, part by part: understand, illustrate, compose, draw.

No part keeps anything. The pipeline runs them as durable steps; the command line runs them in a
row.
"""

from dataclasses import dataclass, replace
from functools import partial

from anyio import to_thread

from storyloom.boards.ports import BoardRenderer
from storyloom.boards.schemas import Board, BoardFormat, Drawing, FileFormat
from storyloom.errors import Misconfigured
from storyloom.imaging.pages import as_pdf, as_png, as_svg
from storyloom.imaging.ports import ImageBackend
from storyloom.imaging.schemas import ImageRef, MediaType, Picture
from storyloom.storyboard.composition import compose, hero_request, page_request
from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Render, Understanding, UnderstandingSource

PAINTED_WARNING = (
    "An image model painted the words of this page: read them before you show it to others"
)


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything that a storyboard is made with."""

    catalogue: Catalogue
    code: CodeUnderstanding
    roadmap: RoadmapUnderstanding
    backend: ImageBackend  #: illustrates composed pages: a model, or the scenes
    renderer: BoardRenderer
    scenes: ImageBackend | None = None  #: draws where no model is to be asked; None: the backend
    painter: ImageBackend | None = None  #: paints whole pages; None where there is no image model
    rules: CodeUnderstanding | None = None  #: reads where no model is to be asked; None: `code`
    roadmap_rules: RoadmapUnderstanding | None = None  #: the same for roadmaps; None: `roadmap`

    async def illustrate(
        self,
        understanding: Understanding,
        brief: Brief,
        board_format: BoardFormat,
        *,
        render: Render = Render.COMPOSED,
        variation: str = "",
    ) -> Picture:
        """Make the text-free picture of the board's hero; `vector` asks no model."""
        # In a thread: the first call reads icons and prompts from the disk.
        wish = partial(hero_request, variation=variation)
        request = await to_thread.run_sync(wish, understanding, brief, board_format)
        return await self._illustrator(render).generate(request)

    async def paint(
        self,
        understanding: Understanding,
        brief: Brief,
        board_format: BoardFormat,
        *,
        variation: str = "",
    ) -> Picture:
        """Let the image model paint the whole page, as a PNG of the page's size.

        Raises `Misconfigured` where there is no image model.
        """
        if self.painter is None:
            raise Misconfigured(
                "A painted page needs an image model: set STORYLOOM_IMAGE_MODEL, or GOOGLE_API_KEY "
                "for Gemini, or ask for another render",
                setting="STORYLOOM_IMAGE_MODEL",
            )
        board = await self.board(understanding, brief, board_format, art=None, origin="")
        wish = partial(page_request, variation=variation)
        request = await to_thread.run_sync(wish, board, brief.icp.art_style)
        picture = await self.painter.generate(request)
        if picture.media_type is MediaType.PNG:
            return picture
        png = await to_thread.run_sync(as_png, picture.data)
        return replace(picture, data=png, media_type=MediaType.PNG)

    async def board(
        self,
        understanding: Understanding,
        brief: Brief,
        board_format: BoardFormat,
        *,
        art: ImageRef | None,
        origin: str,
    ) -> Board:
        """Lay the page out as data; `origin` names the source for the footnote."""
        lay_out = partial(
            compose,
            stages=tuple(self.catalogue.stages.values()),
            art=art,
            footnote=_footnote(understanding.source, origin),
        )
        return await to_thread.run_sync(lay_out, understanding, brief, board_format)

    async def draw(
        self,
        board: Board,
        art: bytes | None,
        file_format: FileFormat = FileFormat.PNG,
        *,
        logo: bytes | None = None,
        scale: float = 1.0,
    ) -> Drawing:
        """Draw the page."""
        return await self.renderer.draw(board, file_format, art=art, logo=logo, scale=scale)

    async def convert(self, page: bytes, board: Board, file_format: FileFormat) -> bytes:
        """A painted page (PNG) as a file of this kind; the board tells its words."""
        if file_format is FileFormat.PNG:
            return page
        if file_format is FileFormat.PDF:
            return await to_thread.run_sync(partial(as_pdf, title=board.headline), page)
        told = " ".join((board.lead, *(f"{panel.label}: {panel.body}" for panel in board.panels)))
        words = {"title": board.headline, "description": told.strip()}
        return await to_thread.run_sync(partial(as_svg, size=board.format.size, **words), page)

    def _illustrator(self, render: Render) -> ImageBackend:
        return self.backend if self.scenes is None or render is not Render.VECTOR else self.scenes


def warnings_of(drawing: Drawing) -> tuple[str, ...]:
    """What could not be drawn as it was written, in a sentence each."""
    warnings: list[str] = []
    if drawing.missing_glyphs:
        shown = " ".join(drawing.missing_glyphs[:12])
        warnings.append(f"No installed font has these characters, so they are left out: {shown}")
    if drawing.truncated:
        fields = ", ".join(drawing.truncated)
        warnings.append(f"The text is longer than its place and was cut short in: {fields}")
    return tuple(warnings)


def degraded_by(picture: Picture) -> tuple[str, ...]:
    """What a picture makes a storyboard lack, in a sentence each."""
    return () if picture.stand_in is None else (picture.stand_in.says,)


def _footnote(source: UnderstandingSource, origin: str) -> str:
    if source is UnderstandingSource.NONE:
        return f"{origin[:1].upper()}{origin[1:]} could not be read"
    if source is UnderstandingSource.MODEL:
        return f"Understood from {origin} by a language model"
    return f"Read from {origin} by rules, without a model"
