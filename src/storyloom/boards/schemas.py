"""A board: one page as data. Words are typeset from it, never painted by a model."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from storyloom.imaging.schemas import ImageRef, Palette


class BoardFormat(StrEnum):
    """The shape of the page."""

    LANDSCAPE = "landscape"  #: 1920 x 1080 pixels
    PORTRAIT = "portrait"  #: 1080 x 1350 pixels
    SQUARE = "square"  #: 1200 x 1200 pixels

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels at scale 1."""
        return _SIZES[self]


_SIZES = {
    BoardFormat.LANDSCAPE: (1920, 1080),
    BoardFormat.PORTRAIT: (1080, 1350),
    BoardFormat.SQUARE: (1200, 1200),
}


class FileFormat(StrEnum):
    """What a board can be drawn to."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"


class Scene(StrEnum):
    """The vector scenes that a panel can show."""

    PROBLEM = "problem"
    WHAT = "what"
    VALUE = "value"
    WHO = "who"
    DIFFERENCE = "diff"


class Logo(BaseModel):
    """A brand's mark, as a small PNG in the image store."""

    model_config = ConfigDict(frozen=True)

    picture: ImageRef
    is_light: bool = False  #: it would not be seen on white


class Brand(BaseModel):
    """Whose board it is."""

    model_config = ConfigDict(frozen=True)

    name: str = Field(min_length=1, max_length=60)
    palette: Palette = Palette()
    logo: Logo | None = None


class Panel(BaseModel):
    """One numbered panel: a scene, a label, and a text of one or two sentences."""

    model_config = ConfigDict(frozen=True)

    scene: Scene
    label: str
    body: str


class Tracker(BaseModel):
    """Where the feature is on its way: the stations in order, and the one it has reached."""

    model_config = ConfigDict(frozen=True)

    stations: tuple[str, ...] = Field(min_length=1, max_length=5)
    position: int = Field(ge=0)


class Board(BaseModel):
    """One page. `treatment` is the look of the stage, `layout` that of the audience."""

    model_config = ConfigDict(frozen=True)

    format: BoardFormat = BoardFormat.LANDSCAPE
    language: str = Field(default="en", description="BCP 47, guessed from the words")
    brand: Brand
    treatment: str = "teaser"
    layout: str = "briefing"
    badge: str
    kicker: str
    headline: str
    lead: str
    icon: str = Field(default="sparkle", description="A Phosphor icon's name")
    tracker: Tracker
    panels: tuple[Panel, ...] = Field(max_length=6)
    art: ImageRef | None = Field(default=None, description="The text-free hero illustration")
    footnote: str = Field(default="", description="How the board was made, in a few words")


class Drawing(BaseModel):
    """A drawn board.

    `missing_glyphs` are characters that no font here covers, left out of the drawing. `truncated`
    names the fields whose text was cut with an ellipsis to fit, such as `panels.0.body`.
    """

    model_config = ConfigDict(frozen=True)

    data: bytes
    width: int
    height: int
    missing_glyphs: tuple[str, ...] = ()
    truncated: tuple[str, ...] = ()
