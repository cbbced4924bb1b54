"""What went into a job, and what in it bears out what was said of it."""

from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from storyloom.errors import NotFound, StoryloomError


class CodeSource(BaseModel):
    """A code file, as it was sent. It is data: show it as text."""

    file_name: str
    language: str = Field(description="Such as `Python`; empty where it is not known")
    text: str


@dataclass(frozen=True, slots=True)
class ImageSource:
    """A screenshot, as it is kept."""

    file_name: str
    media_type: str
    data: bytes


class Claim(BaseModel):
    """Something that is said of the source, and one place that bears it out."""

    claim: str
    field: str = Field(description="Of the understanding, such as `what_it_does`")
    lines: tuple[int, int] | None = Field(
        description="The first and the last line, counted from 1; null where none is cited"
    )
    box: tuple[int, int, int, int] | None = Field(
        description="Of a screenshot: left, top, right, bottom in pixels"
    )


class EvidenceView(BaseModel):
    """The claims of an understanding, each beside what bears it out.

    A claim that more than one place bears out stands here once for each.
    """

    id: str
    understood: bool = Field(description="False: the source is not read yet, or could not be")
    read_by: Literal["static", "ocr", "model", "none"] | None = Field(
        description="Rules, words in the picture, a language model, or nothing could be read"
    )
    claims: list[Claim]
    found_headline: str | None = Field(
        default=None,
        description="The headline that was found, where the storyboard has somebody's own",
    )
    written_for: dict[str, str] | None = Field(
        default=None,
        description="For whom the words were written (`audience`, `stage`, `icp_preset`), where the "
        "storyboard is for others by now",
    )


class NoSource(NotFound):
    """Jobs of this kind have no source."""

    code = "no_source"


class SourceGone(StoryloomError):
    """The source was there once, and is not kept any more."""

    code = "source_gone"
    http_status = 410
    exit_status = 4
