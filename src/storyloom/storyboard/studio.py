"""The making of one storyboard, part by part: understand, illustrate, compose, draw.

No part keeps anything. The pipeline runs them as durable steps; the command line runs them in a
row.
"""

from dataclasses import dataclass
from functools import partial

from anyio import to_thread

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
        # In a thread: the first call reads the icons from the disk.
        request = await to_thread.run_sync(hero_request, understanding, brief, board_format)
        return await self.backend.generate(request)

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
        self, board: Board, art: bytes | None, file_format: FileFormat = FileFormat.PNG
    ) -> Drawing:
        """Draw the page."""
        return await self.renderer.draw(board, file_format, art=art)


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


def _footnote(source: UnderstandingSource, origin: str) -> str:
    if source is UnderstandingSource.NONE:
        return f"{origin[:1].upper()}{origin[1:]} could not be read"
    return f"Read from {origin} by rules, without a model"
