"""What the storyboard API takes and gives, and what an understanding is."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from storyloom.boards.schemas import BoardFormat

MAX_SOURCE_BYTES = 256 * 1024
MAX_IMAGE_BYTES = 10 * 1024 * 1024


class JobType(StrEnum):
    """The kinds of storyboard job, as the archive names them."""

    CODE = "code_to_storyboard"
    ROADMAP = "roadmap_to_storyboard"


class UnderstandingSource(StrEnum):
    """How an understanding was made."""

    STATIC = "static"  #: read from the code by rules
    OCR = "ocr"  #: read from the picture's words by rules
    NONE = "none"  #: nothing could be read; the words are the presets' own


class Evidence(BaseModel):
    """Where in the source a field's claim comes from.

    Lines count from 1 and include both ends. A box is left, top, right, bottom in pixels of the
    picture. Evidence never quotes the source.
    """

    model_config = ConfigDict(frozen=True)

    field: str
    first_line: int | None = Field(default=None, ge=1)
    last_line: int | None = Field(default=None, ge=1)
    box: tuple[int, int, int, int] | None = None


class Understanding(BaseModel):
    """What the source is about, for one audience at one stage: seven fields, and how they came."""

    model_config = ConfigDict(frozen=True)

    headline: str
    what_it_does: str
    business_value: str
    who_benefits: str
    differentiator: str
    pain_point_addressed: str
    suggested_icon: str = Field(description="A Phosphor icon's name, such as `calculator`")
    source: UnderstandingSource = UnderstandingSource.STATIC
    evidence: tuple[Evidence, ...] = ()
    degraded: tuple[str, ...] = Field(
        default=(), description="What could not be done as well as usual, one sentence each"
    )


class Wishes(BaseModel):
    """What may be asked of every storyboard."""

    icp_preset: str = Field(
        default="coperniq_mep", max_length=64, description="Whose customers the board speaks to"
    )
    stage: str = Field(
        default="preview", max_length=64, description="How far the feature is on its way"
    )
    audience: str = Field(default="c_suite", max_length=64, description="Who looks at the board")
    custom_headline: Annotated[str, Field(min_length=1, max_length=200)] | None = Field(
        default=None, description="Used word for word, in place of a headline of our own"
    )
    format: BoardFormat = Field(default=BoardFormat.LANDSCAPE, description="The page's shape")


class CodeStoryboardRequest(Wishes):
    """A code file, and what is wished of its storyboard."""

    file_content: str = Field(min_length=1, description="The file's text, at most 256 KiB")
    file_name: str = Field(
        min_length=1, max_length=255, description="Its name; the ending tells the language"
    )


class RoadmapStoryboardRequest(Wishes):
    """A roadmap screenshot, and what is wished of its storyboard."""

    image_data: str = Field(
        min_length=1,
        description="PNG, JPEG, WebP or GIF as base64, at most 10 MiB; a data: prefix is allowed",
    )
    sanitize_ip: bool = Field(
        default=True,
        description="Keep every name, date, price, version and code name out of the result",
    )
