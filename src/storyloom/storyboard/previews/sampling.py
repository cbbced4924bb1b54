"""A sample board for exactly one choice: a file of ours, read by rules, over a drawn scene."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

import anyio
from anyio import to_thread

from storyloom.boards.schemas import BoardFormat, Drawing, FileFormat
from storyloom.errors import Overloaded
from storyloom.imaging.schemas import MediaType
from storyloom.kit.clock import Clock
from storyloom.storyboard.finished import FinishedAnswers
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Render
from storyloom.storyboard.studio import Studio

SAMPLE = Path(__file__).parents[1] / "data" / "sample_code.txt"
SAMPLE_NAME = "roi_calculator.py"
_WHOSE = "MEP contractors"  #: whom the sample names, in whose place the profile's customers stand
MAX_BYTES = 16 * 1024 * 1024
#: One at a time leaves the other threads to jobs; whoever is beyond these is asked to come again.
AT_ONCE, MOST_WAITING = 1, 32


@dataclass(frozen=True, slots=True)
class Choice:
    """What a sample is drawn for. With a `width` it is a PNG so wide, and an SVG without."""

    brief: Brief
    format: BoardFormat = BoardFormat.LANDSCAPE
    width: int | None = None
    logo: bytes | None = None  #: what the profile's logo refers to

    @property
    def media_type(self) -> MediaType:
        """The kind of file that it becomes."""
        return MediaType.SVG if self.width is None else MediaType.PNG

    @property
    def key(self) -> str:
        """The same for equal choices, whatever their presets are called."""
        brief = self.brief
        presets = (brief.icp, brief.stage, brief.audience)
        told = (*(one.model_dump_json() for one in presets), brief.headline, *self._page)
        return sha256(repr(told).encode("utf-8", "replace")).hexdigest()

    @property
    def _page(self) -> tuple[object, ...]:
        return self.format.value, self.width, self.logo is None


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample board as a file."""

    data: bytes
    media_type: MediaType
    etag: str


class Sampler:
    """Draws sample boards, one after the other, and keeps those that were asked for lately."""

    def __init__(self, studio: Studio, clock: Clock, *, max_bytes: int = MAX_BYTES) -> None:
        """Take the studio, of which no model is asked, and the most bytes to keep."""
        self._studio = studio
        self._kept = FinishedAnswers[str, Sample](clock, lambda one: len(one.data), max_bytes)
        self._turn = anyio.CapacityLimiter(AT_ONCE)
        self._asked = 0

    async def sample(self, choice: Choice) -> Sample:
        """The board; raises `Overloaded` when too many others wait for theirs."""
        key = choice.key
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        async with self._in_turn():
            # Whoever asked for the same before may have it by now.
            kept = self._kept.get(key)
            if kept is None:
                kept = await self._drawn(choice)
                self._kept.put(key, kept)
            return kept

    async def _drawn(self, choice: Choice) -> Sample:
        studio, brief = self._studio, choice.brief
        text = (await to_thread.run_sync(_text)).replace(_WHOSE, _companies(brief))
        reader = studio.rules or studio.code
        understanding = await reader.understand(SAMPLE_NAME, text, brief)
        art = await studio.illustrate(understanding, brief, choice.format, render=Render.VECTOR)
        board = await studio.board(
            understanding, brief, choice.format, art=None, origin=f"the sample {SAMPLE_NAME}"
        )
        file_format, scale = FileFormat.SVG, 1.0
        if choice.width is not None:
            file_format, scale = FileFormat.PNG, choice.width / choice.format.size[0]
        drawing: Drawing = await studio.draw(
            board, art.data, file_format, logo=choice.logo, scale=scale
        )
        etag = f'"{sha256(drawing.data).hexdigest()[:24]}"'
        return Sample(drawing.data, choice.media_type, etag)

    @asynccontextmanager
    async def _in_turn(self) -> AsyncGenerator[None]:
        if self._asked >= AT_ONCE + MOST_WAITING:
            raise Overloaded(
                "Too many samples are being drawn; ask again in a moment",
                system="samples",
                retry_after_s=1,
            )
        self._asked += 1
        try:
            async with self._turn:
                yield
        finally:
            self._asked -= 1


def _companies(brief: Brief) -> str:
    return brief.icp.words.get("companies", "companies")


@cache
def _text() -> str:
    return SAMPLE.read_text("utf-8")
