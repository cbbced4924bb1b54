"""A reel: the pictures of a story in their order, and what people want to know of each."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, JsonValue, field_validator

from storyloom.imaging.schemas import ImageRef, Palette

_FROZEN = ConfigDict(frozen=True)


class Shape(StrEnum):
    """The shape of a picture."""

    WIDE = "16:9"
    TALL = "9:16"

    @property
    def ratio(self) -> tuple[int, int]:
        """Width and height."""
        return (16, 9) if self is Shape.WIDE else (9, 16)


class Badge(StrEnum):
    """What people should see of a picture at a glance."""

    DEGRADED = "degraded"  #: made, and not as it was asked for
    FRAME = "frame"  #: drawn by us, where no picture could be made or none was asked for
    FAILED = "failed"
    CANCELLED = "cancelled"
    WAITING = "waiting"  #: not made yet
    EDITED = "edited"  #: with a prompt that a person wrote


class ReelItem(BaseModel):
    """One picture of the story, or the place where it would stand."""

    model_config = _FROZEN

    number: int = Field(ge=1, description="As people call it; not two alike")
    id: str = Field(default="", description="The shot's own name, such as `0001-cinematic-1`")
    scene: str = Field(default="", description="The scene's heading: `INT. KITCHEN - NIGHT`")
    caption: str = Field(default="", description="What happens in the beat")
    notes: str = Field(default="", description="Dialogue, action, remarks, what was mended")
    duration_s: float = Field(default=4.0, gt=0, le=600)
    picture: ImageRef | None = Field(default=None, description="Where it lies; None: there is none")
    shape: Shape = Shape.WIDE
    badges: tuple[Badge, ...] = ()
    backend: str = ""
    model: str = ""
    seed: int | None = None
    prompt: str = ""
    negative_prompt: str = ""
    parameters: dict[str, JsonValue] = Field(default_factory=dict)

    @property
    def made_by(self) -> str:
        """What made it, on a line: `sdxl, seed 7`."""
        seed = "" if self.seed is None else f"seed {self.seed}"
        return ", ".join(part for part in (self.model or self.backend, seed) if part)


class Remark(BaseModel):
    """One thing to be known of a picture, or of the run where there is no number."""

    model_config = _FROZEN

    text: str
    number: int | None = Field(default=None, description="The item's number")


class ReelReport(BaseModel):
    """The morning report: what became of a run."""

    model_config = _FROZEN

    total: int = Field(default=0, ge=0)
    done: int = Field(default=0, ge=0, description="As they were asked for")
    degraded: int = Field(default=0, ge=0)
    failed: int = Field(default=0, ge=0)
    skipped: int = Field(default=0, ge=0, description="Cancelled, or not begun")
    headline: str = Field(default="", description="One sentence; empty: written from the counts")
    spent_usd: Decimal | None = Field(default=None, description="None: not known, or not asked")
    unpriced_calls: int = Field(default=0, ge=0, description="Calls whose price is not known")
    gpu_s: float | None = Field(default=None, ge=0, description="How long the GPU was held")
    wall_s: float | None = Field(default=None, ge=0, description="From its start to its end")
    started_at: datetime | None = None
    ended_at: datetime | None = None
    made_with: str = Field(default="", description="Backend and model")
    decisions: tuple[Remark, ...] = Field(default=(), description="What somebody has to decide")
    remarks: tuple[Remark, ...] = Field(default=(), description="What was done, and is only told")


class Reel(BaseModel):
    """A story's pictures in their order."""

    model_config = _FROZEN

    title: str = Field(min_length=1)
    episode: str = Field(default="", description="Which part of the story: `Episode 3`")
    run: str = Field(default="", description="The id of the run that made it")
    language: str = Field(default="", description="BCP 47; empty: guessed from the words")
    palette: Palette = Palette()
    made_at: datetime | None = Field(default=None, description="None: no date is written anywhere")
    items: tuple[ReelItem, ...] = Field(default=(), max_length=2000)
    report: ReelReport | None = None

    @field_validator("items")
    @classmethod
    def _numbered_once(cls, value: tuple[ReelItem, ...]) -> tuple[ReelItem, ...]:
        if len({item.number for item in value}) < len(value):
            raise ValueError("two items have the same number")
        return value

    @property
    def shape(self) -> Shape:
        """The shape of most pictures."""
        counted = Counter(item.shape for item in self.items)
        return Shape.TALL if counted[Shape.TALL] > counted[Shape.WIDE] else Shape.WIDE

    def without(self, numbers: Collection[int]) -> "Reel":
        """The reel, as if these items had no picture."""
        if not numbers:
            return self
        items = tuple(
            item.model_copy(update={"picture": None}) if item.number in numbers else item
            for item in self.items
        )
        return self.model_copy(update={"items": items})


class ExportKind(StrEnum):
    """What a reel can be handed over as."""

    SHEET = "sheet"  #: a contact sheet for print
    SLIDES = "slides"
    ARCHIVE = "archive"  #: pictures, manifest, viewer and timelines
    VIEWER = "viewer"  #: the page alone; its pictures lie beside it, as in the archive
    ANIMATIC = "animatic"  #: a film of the pictures, each as long as its beat
    EDL = "edl"
    OTIO = "otio"

    @property
    def media_type(self) -> str:
        """What HTTP calls it."""
        return _FILES[self][0]

    @property
    def suffix(self) -> str:
        """How the file's name ends, with the dot."""
        return _FILES[self][1]


_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_FILES = {
    ExportKind.SHEET: ("application/pdf", ".pdf"),
    ExportKind.SLIDES: (_SLIDES, ".pptx"),
    ExportKind.ARCHIVE: ("application/zip", ".zip"),
    ExportKind.VIEWER: ("text/html; charset=utf-8", ".html"),
    ExportKind.ANIMATIC: ("video/mp4", ".mp4"),
    ExportKind.EDL: ("text/plain; charset=utf-8", ".edl"),
    ExportKind.OTIO: ("application/json", ".otio"),
}


class SheetLayout(StrEnum):
    """How pictures stand on the pages of a contact sheet."""

    GRID_6 = "grid-6"
    GRID_9 = "grid-9"
    GRID_12 = "grid-12"
    NOTES = "notes"  #: each picture beside its words and lines to write on

    @property
    def per_page(self) -> int:
        """How many pictures a page has."""
        return 4 if self is SheetLayout.NOTES else int(self.removeprefix("grid-"))


class ExportOptions(BaseModel):
    """What can be chosen of an export."""

    model_config = _FROZEN

    layout: SheetLayout = SheetLayout.GRID_6
    frames_per_second: int = Field(default=24, ge=1, le=60)
    film_height: int = Field(default=720, ge=240, le=2160, description="Of the shorter side, in px")
    embeds: bool = Field(default=False, description="A viewer carries small copies of its pictures")


class ExportFile(BaseModel):
    """A file that was written.

    `left_out` are the numbers of items whose picture could not be read; a plain card stands in
    their place. `truncated` and `missing_glyphs` are those of `Drawing`.
    """

    model_config = _FROZEN

    path: Path
    kind: ExportKind
    size_bytes: int = Field(ge=0)
    left_out: tuple[int, ...] = ()
    truncated: tuple[str, ...] = ()
    missing_glyphs: tuple[str, ...] = ()
