"""The making of one storyboard, part by part: understand, illustrate, compose, draw.

No part keeps anything. The pipeline runs them as durable steps; the command line runs them in a
row.
"""

from dataclasses import dataclass

from storyloom.boards.ports import BoardRenderer
from storyloom.boards.schemas import Board, BoardFormat, Drawing, FileFormat
from storyloom.imaging.ports import ImageBackend
from storyloom.imaging.schemas import ImageRef, Picture
from storyloom.storyboard.composition import compose, hero_request
from storyloom.storyboard.ports import CodeUnderstanding, RoadmapUnderstanding
from storyloom.storyboard.presets import Brief, Catalogue
from storyloom.storyboard.schemas import Understanding, UnderstandingSource


@dataclass(frozen=True, slots=True)
class Studio:
    """Everything that a storyboard is made with."""

    catalogue: Catalogue
    code: CodeUnderstanding
    roadmap: RoadmapUnderstanding
    backend: ImageBackend
    renderer: BoardRenderer

    async def illustrate(
        self, understanding: Understanding, brief: Brief, board_format: BoardFormat
    ) -> Picture:
        """Make the text-free picture of the board's hero."""
        return await self.backend.generate(hero_request(understanding, brief, board_format))

    def board(
        self,
        understanding: Understanding,
        brief: Brief,
        board_format: BoardFormat,
        *,
        art: ImageRef | None,
        origin: str,
    ) -> Board:
        """Lay the page out as data; `origin` names the source for the footnote."""
        return compose(
            understanding,
            brief,
            board_format,
            stages=tuple(self.catalogue.stages.values()),
            art=art,
            footnote=_footnote(understanding.source, origin),
        )

    async def draw(
        self, board: Board, art: bytes | None, file_format: FileFormat = FileFormat.PNG
    ) -> Drawing:
        """Draw the page."""
        return await self.renderer.draw(board, file_format, art=art)


def warnings_of(drawing: Drawing) -> list[str]:
    """What could not be drawn as it was written, in a sentence each."""
    if not drawing.missing_glyphs:
        return []
    shown = " ".join(drawing.missing_glyphs[:12])
    return [f"No installed font has these characters, so they are left out: {shown}"]


def _footnote(source: UnderstandingSource, origin: str) -> str:
    match source:
        case UnderstandingSource.STATIC:
            return f"Read from {origin} by rules, without a model"
        case UnderstandingSource.OCR:
            return f"Read from {origin} by rules, without a model"
        case UnderstandingSource.NONE:
            return f"{origin.capitalize()} could not be read"
