"""What the storyboard API takes and gives, and what an understanding is."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
)
from pydantic_core import PydanticCustomError

from storyloom.boards.schemas import BoardFormat
from storyloom.boards.text import clean
from storyloom.jobs.schemas import Job, JobStatus, JobSummary
from storyloom.kit.ids import JobId, parse_job_id
from storyloom.outbound.costs import Cost

# A picture of one pixel, so that the API's example can be sent as it is.
TINY_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
_EXAMPLE_ID = "3f0c1c5e-8a52-4d0e-9f0c-7f6f4c1d2b9a"
_EXAMPLE_ACCEPTED: JsonValue = {
    "job_id": _EXAMPLE_ID,
    "status": "pending",
    "poll_url": f"/storyboard/jobs/{_EXAMPLE_ID}",
}
_EXAMPLE_COMPLETED: JsonValue = {
    "job_id": _EXAMPLE_ID,
    "status": "completed",
    "result_image": TINY_PNG,
    "understanding": {
        "headline": "Automated ROI Calculator",
        "what_it_does": "Calculates payback and yearly savings.",
        "business_value": "Will show the money saved in plain figures.",
        "who_benefits": "Executives at contractors, and the estimators who answer to them.",
        "differentiator": "Six operations in one file, with the standard library alone.",
        "pain_point_addressed": "Savings are guessed at in spreadsheets.",
        "suggested_icon": "calculator",
        "source": "static",
        "evidence": [{"field": "what_it_does", "first_line": 12, "last_line": 30, "box": None}],
        "degraded": [],
        "found_headline": None,
        "written_for": None,
    },
    "error_message": None,
    "execution_time_ms": 240,
    "created_at": "2025-12-02T18:00:00Z",
    "completed_at": "2025-12-02T18:00:45Z",
    "org_id": "my-org",
    "error_code": None,
    "image_url": f"/storyboard/jobs/{_EXAMPLE_ID}/image",
    "warnings": [],
    "cost": {
        "usd": "0.0712",
        "known_usd": "0.0712",
        "calls": 2,
        "unknown_calls": 0,
        "input_tokens": 1840,
        "output_tokens": 1630,
    },
    "revised_from": None,
}
MAX_SOURCE_BYTES = 256 * 1024
MAX_IMAGE_BYTES = 10 * 1024 * 1024


class BoardFile(StrEnum):
    """What a finished storyboard is served as."""

    PNG = "png"
    SVG = "svg"
    PDF = "pdf"
    PPTX = "pptx"  #: slides, where the package for them is installed


class JobType(StrEnum):
    """The kinds of storyboard job, as the archive names them."""

    CODE = "code_to_storyboard"
    ROADMAP = "roadmap_to_storyboard"


class Render(StrEnum):
    """How a page is made."""

    COMPOSED = "composed"  #: words typeset over an illustration
    PAINTED = "painted"  #: the whole page, words included, by an image model
    VECTOR = "vector"  #: words typeset over a drawn scene; no image model is asked


class UnderstandingSource(StrEnum):
    """How an understanding was made."""

    STATIC = "static"  #: read from the code by rules
    OCR = "ocr"  #: read from the picture's words by rules
    MODEL = "model"  #: answered by a language model
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


class Readers(BaseModel):
    """For whom words are written: what of the wishes changes them."""

    model_config = ConfigDict(frozen=True)

    audience: str
    stage: str
    icp_preset: str


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
    found_headline: str | None = Field(
        default=None,
        description="The headline that was found in the source, where `headline` is somebody's own",
    )
    written_for: Readers | None = Field(
        default=None,
        description="For whom the words were written, where the storyboard is for others by now",
    )

    def headed(self, headline: str | None) -> Self:
        """With somebody's own headline, if there is one. The found one stays beside it."""
        if headline is None:
            return self
        if self.found_headline is not None:
            return self.model_copy(update={"headline": headline})
        said = {"headline": headline, "found_headline": self.headline}
        return self.model_copy(update=said | self._told_of("headline", "found_headline"))

    def unheaded(self) -> Self:
        """With the headline that was found, where it is known, in place of somebody's own."""
        if self.found_headline is None:
            return self
        said = {"headline": self.found_headline, "found_headline": None}
        return self.model_copy(update=said | self._told_of("found_headline", "headline"))

    def _told_of(self, field: str, other: str) -> dict[str, tuple[Evidence, ...]]:
        """The evidence, where what bears out the one field bears out the other."""
        moved = (
            one.model_copy(update={"field": other}) if one.field == field else one
            for one in self.evidence
        )
        return {"evidence": tuple(moved)}


def readable(text: str) -> str:
    """The text as it is; raises where nothing in it can be read."""
    if "\x00" in text:
        raise PydanticCustomError("not_text", "NUL characters are not text")
    if not clean(text):
        raise PydanticCustomError("string_blank", "There is nothing in it that can be read")
    return text


Headline = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(readable)]
FileName = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(readable)]
ModelName = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(readable)]


class Wishes(BaseModel):
    """What may be asked of every storyboard."""

    icp_preset: str = Field(
        default="coperniq_mep", max_length=64, description="Whose customers the board speaks to"
    )
    stage: str = Field(
        default="preview", max_length=64, description="How far the feature is on its way"
    )
    audience: str = Field(default="c_suite", max_length=64, description="Who looks at the board")
    custom_headline: Headline | None = Field(
        default=None, description="Used word for word, in place of a headline of our own"
    )
    format: BoardFormat = Field(default=BoardFormat.LANDSCAPE, description="The page's shape")
    render: Render = Field(
        default=Render.COMPOSED,
        description="`composed`: words typeset over an illustration; `vector`: the same without an "
        "image model; `painted`: an image model paints the page, words included",
    )
    fresh: bool = Field(
        default=False,
        strict=True,  # whether to pay again is not guessed from other types
        description="Ask models anew, also where they have answered the same before",
    )
    model: ModelName | None = Field(
        default=None, description="The language model, of those that the operator allows"
    )

    @property
    def readers(self) -> Readers:
        """For whom the words are to be written."""
        return Readers(audience=self.audience, stage=self.stage, icp_preset=self.icp_preset)


class CodeStoryboardRequest(Wishes):
    """A code file, and what is wished of its storyboard."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "file_content": "def calculate_roi(cost, gain): return (gain - cost) / cost",
                    "file_name": "calculator.py",
                    "icp_preset": "coperniq_mep",
                    "stage": "preview",
                    "audience": "c_suite",
                    "custom_headline": "Know the payback before you sign",
                }
            ]
        }
    )

    file_content: str = Field(
        min_length=1,
        max_length=MAX_SOURCE_BYTES,
        description="The file's text, at most 256 KiB in UTF-8",
    )
    file_name: FileName = Field(description="Its name; the ending tells the language")


class RoadmapStoryboardRequest(Wishes):
    """A roadmap screenshot, and what is wished of its storyboard."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "image_data": TINY_PNG,
                    "icp_preset": "coperniq_mep",
                    "audience": "c_suite",
                    "custom_headline": "Coming Soon",
                    "sanitize_ip": True,
                }
            ]
        }
    )

    image_data: str = Field(
        min_length=1,
        description="PNG, JPEG, WebP or GIF as base64, at most 10 MiB; a data: prefix is allowed",
    )
    sanitize_ip: bool = Field(
        default=True,
        strict=True,  # a promise of privacy is not guessed from other types
        description="Keep every name, date, price, version and code name out of the result",
    )


class JobAccepted(BaseModel):
    """The answer to a new job."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_ACCEPTED]})

    job_id: JobId
    status: JobStatus = JobStatus.PENDING
    poll_url: str

    @classmethod
    def of(cls, job_id: JobId) -> Self:
        """Accepted, and to be polled at its own address."""
        return cls(job_id=job_id, poll_url=poll_url(job_id))


def poll_url(job_id: JobId) -> str:
    """The path at which a job is polled."""
    return f"/storyboard/jobs/{job_id}"


class JobView(BaseModel):
    """A job as a poll shows it: the eight documented fields, null where not known yet, and more."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE_COMPLETED]})

    job_id: JobId
    status: JobStatus
    result_image: str | None = Field(description="The picture as base64 of a PNG")
    understanding: dict[str, JsonValue] | None = Field(
        description="Seven fields, and how they came: `source`, `evidence`, `degraded`, "
        "`found_headline`, `written_for`"
    )
    error_message: str | None
    execution_time_ms: int | None
    created_at: datetime
    completed_at: datetime | None
    org_id: str
    error_code: str | None = Field(description="A stable code for programs")
    image_url: str | None = Field(description="Where the picture is served as a file")
    warnings: list[str] = Field(description="What could not be drawn as it was written")
    cost: Cost | None = Field(
        default=None, description="What its calls to models cost, once it has ended"
    )
    revised_from: JobId | None = Field(
        default=None, description="The finished job that this one is a revision of"
    )

    @classmethod
    def of(cls, job: Job) -> Self:
        """Show a job. Clients know two ends: one that was cancelled has failed, with a reason."""
        was_cancelled = job.status is JobStatus.CANCELLED
        warnings = job.details.get("warnings")
        done = job.status is JobStatus.COMPLETED
        return cls(
            job_id=job.id,
            status=JobStatus.FAILED if was_cancelled else job.status,
            result_image=job.result_image,
            understanding=job.understanding,
            error_message=job.error_message,
            execution_time_ms=job.execution_time_ms,
            created_at=job.created_at,
            completed_at=job.completed_at,
            org_id=job.org_id,
            error_code=job.error_code,
            image_url=f"{poll_url(job.id)}/image" if done else None,
            warnings=[str(w) for w in warnings] if isinstance(warnings, list) else [],
            cost=_cost(job.details.get("cost")),
            revised_from=parse_job_id(str(job.input_params.get("revises"))),
        )


def _cost(kept: JsonValue) -> Cost | None:
    try:
        return None if kept is None else Cost.model_validate(kept)
    except ValidationError:
        return None  # of another version


class JobList(BaseModel):
    """The newest jobs, without their inputs and results."""

    jobs: list[JobSummary]


class PresetView(BaseModel):
    """A preset, as a request may name it by its key."""

    key: str
    name: str
    description: str


class PresetList(BaseModel):
    """Everything that a request may name."""

    icp_presets: list[PresetView]
    stages: list[PresetView]
    audiences: list[PresetView]
