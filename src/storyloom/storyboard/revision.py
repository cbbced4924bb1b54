"""A finished storyboard becomes another one: what may change, and what is taken over.

A revised job has everything that it needs in its own parameters, for the job before it may be
forgotten any time. Of the source it keeps the name alone.
"""

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from storyloom.boards.schemas import BoardFormat
from storyloom.boards.text import clean
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.ids import JobId
from storyloom.storyboard.drawn import Art, Drawn
from storyloom.storyboard.errors import JobNotFinished
from storyloom.storyboard.presets import PROFILE
from storyloom.storyboard.schemas import (
    Headline,
    ModelName,
    Render,
    Understanding,
    Wishes,
    readable,
)

# What else of the parameters of the job before is needed: how its source is called in a footnote.
_KEPT = ("file_name", "sanitize_ip")
PresetKey = Annotated[str, Field(max_length=64)]
Words = Annotated[str, Field(min_length=1, max_length=600), AfterValidator(readable)]


class Wording(BaseModel):
    """Words of somebody's own for fields of the understanding; the others stay as they are."""

    model_config = ConfigDict(extra="forbid")

    headline: Headline | None = None
    what_it_does: Words | None = None
    business_value: Words | None = None
    who_benefits: Words | None = None
    differentiator: Words | None = None
    pain_point_addressed: Words | None = None
    suggested_icon: ModelName | None = Field(default=None, description="A Phosphor icon's name")


class RevisionRequest(BaseModel):
    """What is to be different from a finished storyboard. What is left out stays as it was."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "minProperties": 1,
            "examples": [{"custom_headline": "Know the payback", "audience": "btl_champion"}],
        },
    )

    custom_headline: Headline | None = Field(default=None, description="Used word for word")
    audience: PresetKey | None = Field(default=None, description="Who looks at the board")
    stage: PresetKey | None = Field(default=None, description="How far the feature is")
    icp_preset: PresetKey | None = Field(default=None, description="Whose customers it speaks to")
    format: BoardFormat | None = Field(default=None, description="The page's shape")
    render: Render | None = Field(default=None, description="How the page is made")
    wording: Wording | None = Field(default=None, description="Words for single fields")
    new_art: bool = Field(
        default=False,
        strict=True,  # it costs something
        description="Ask for another picture: exactly one call to an image model",
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> Self:
        given = self.model_dump(exclude_defaults=True)
        if not given or given == {"wording": {}}:
            raise PydanticCustomError("nothing_asked", "Name at least one thing to be different")
        return self


class Revision(BaseModel):
    """What a revised job takes over from the one before it."""

    model_config = ConfigDict(frozen=True)

    revises: JobId
    understanding: Understanding
    art: Art | None = Field(default=None, description="An illustration to be used again")

    @classmethod
    def of(cls, job: Job) -> Self | None:
        """What the job takes over; None for a job that begins with a source."""
        return cls.model_validate(job.input_params) if "revises" in job.input_params else None


def revised(job: Job, asked: RevisionRequest) -> tuple[Wishes, dict[str, JsonValue]]:
    """The wishes and the parameters of a job that revises this one.

    Raises `JobNotFinished` when it has no result that could be revised.
    """
    if job.status is not JobStatus.COMPLETED:
        raise JobNotFinished(why_unfinished(job))
    before = Wishes.model_validate(job.input_params)
    headline = asked.custom_headline or (asked.wording and asked.wording.headline)
    changes = asked.model_dump(
        include={"audience", "stage", "icp_preset", "format", "render"}, exclude_none=True
    )
    if headline:
        changes["custom_headline"] = headline
    # Only new art is asked for anew: whatever else a model has answered before will do.
    wishes = before.model_copy(update={**changes, "fresh": asked.new_art, "model": None})
    art = None if asked.new_art else _art(job, was=before.render, wishes=wishes)
    revision = Revision(
        revises=job.id, understanding=_reworded(job, asked.wording, headline), art=art
    )
    kept = {name: job.input_params[name] for name in _KEPT if name in job.input_params}
    if asked.icp_preset is None and PROFILE in job.input_params:
        kept[PROFILE] = job.input_params[PROFILE]
    return wishes, {**wishes.model_dump(mode="json"), **kept, **revision.model_dump(mode="json")}


def _reworded(job: Job, wording: Wording | None, headline: str | None) -> Understanding:
    try:
        understanding = Understanding.model_validate(job.understanding)
    except ValidationError as fault:
        raise JobNotFinished(f"Job '{job.id}' has no understanding to begin with") from fault
    said = wording.model_dump(exclude_none=True) if wording else {}
    words = {field: clean(text) for field, text in said.items()}
    if headline:
        words["headline"] = headline
    # Somebody's own words stand for themselves: no line of the source is behind them.
    evidence = tuple(e for e in understanding.evidence if e.field not in words)
    drawn = _drawn(job)
    own = understanding if drawn is None else drawn.untold(understanding)
    return own.model_copy(update={**words, "evidence": evidence})


def _art(job: Job, *, was: Render, wishes: Wishes) -> Art | None:
    """The illustration to be used again, if the page to come shows one and there is one."""
    if was is not Render.COMPOSED or wishes.render is not Render.COMPOSED:
        return None
    drawn = _drawn(job)
    if drawn is None or drawn.board.art is None:
        return None
    return Art(picture=drawn.board.art, by_model=drawn.art_by_model, degraded=drawn.art_degraded)


def _drawn(job: Job) -> Drawn | None:
    try:
        return Drawn.model_validate(job.details)
    except ValidationError:
        return None  # written by somebody else


def why_unfinished(job: Job) -> str:
    """Why there is no picture of the job, in a sentence."""
    if job.status.is_terminal:
        return f"Job '{job.id}' has no picture: it {job.status}. {job.error_message or ''}".strip()
    return f"Job '{job.id}' is {job.status}; its picture is not ready yet"
