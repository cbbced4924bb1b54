"""A finished storyboard becomes another one: what may change, and what is taken over.

A revised job has everything that it needs in its own parameters, for the job before it may be
forgotten any time. Of the source it keeps the name alone, and which job has it: where rules have
read it, they read it anew for other readers, and where it has gone the words stay.
"""

from collections.abc import Mapping
from enum import StrEnum
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
from storyloom.storyboard.notes import (
    HEADLINE_STAYS,
    STAY_OF_MODEL,
    STAY_OF_SOURCE,
    STAY_UNNOTED,
    of_source,
)
from storyloom.storyboard.origins import earlier
from storyloom.storyboard.presets import PROFILE
from storyloom.storyboard.schemas import (
    Headline,
    ModelName,
    Render,
    Understanding,
    UnderstandingSource,
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

    custom_headline: Headline | None = Field(
        default=None,
        description="Used word for word; null, where it is sent: the headline that was found",
    )
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
        if (not given or given == {"wording": {}}) and not self.takes_headline_back:
            raise PydanticCustomError("nothing_asked", "Name at least one thing to be different")
        return self

    @property
    def headline(self) -> str | None:
        """Somebody's own, in whichever of the two ways it is given."""
        return self.custom_headline or (self.wording and self.wording.headline)

    @property
    def takes_headline_back(self) -> bool:
        """Whether the one that was found is to stand again."""
        return "custom_headline" in self.model_fields_set and self.headline is None


class Reads(StrEnum):
    """What rules are to read anew."""

    WORDS = "words"
    HEADLINE = "headline"  #: alone, for nobody has kept the one that was found
    ALL = "all"  #: the words, and nobody has kept the headline that was found


class Revision(BaseModel):
    """What a revised job takes over from the one before it."""

    model_config = ConfigDict(frozen=True)

    revises: JobId
    understanding: Understanding = Field(description="Its words, if none are read anew")
    begun_with: JobId | None = Field(default=None, description="The job that has the source")
    reads: Reads | None = Field(default=None, description="What of the source is read anew")
    wording: Mapping[str, str] | None = Field(
        default=None,
        description="Somebody's own words, by field, whichever revision they came with; null: there "
        "may be some, but an earlier release did not note them",
    )
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
    changes = asked.model_dump(
        include={"audience", "stage", "icp_preset", "format", "render"}, exclude_none=True
    )
    if asked.headline or asked.takes_headline_back:
        changes["custom_headline"] = asked.headline
    # Only new art is asked for anew: whatever else a model has answered before will do.
    wishes = before.model_copy(update={**changes, "fresh": asked.new_art, "model": None})
    art = None if asked.new_art else _art(job, was=before.render, wishes=wishes)
    said, noted = _said(asked), _noted(job)
    understanding, reads = _words(
        _understanding(job), was=before, wishes=wishes, is_noted=noted is not None
    )
    revision = Revision(
        revises=job.id,
        understanding=with_own(understanding, said),
        begun_with=earlier(job.input_params) or job.id,
        reads=reads,
        wording=None if noted is None else {**noted, **said},
        art=art,
    )
    kept = {name: job.input_params[name] for name in _KEPT if name in job.input_params}
    if asked.icp_preset is None and PROFILE in job.input_params:
        kept[PROFILE] = job.input_params[PROFILE]
    return wishes, {**wishes.model_dump(mode="json"), **kept, **revision.model_dump(mode="json")}


def with_own(words: Understanding, own: Mapping[str, str]) -> Understanding:
    """The words with somebody's own in their places, which no line of the source is behind."""
    evidence = tuple(e for e in words.evidence if e.field not in own)
    return words.model_copy(update={**own, "evidence": evidence})


def _said(asked: RevisionRequest) -> Mapping[str, str]:
    """Somebody's own words of this revision. A headline is among the wishes."""
    if asked.wording is None:
        return {}
    said = asked.wording.model_dump(exclude_none=True, exclude={"headline"})
    return {field: clean(text) for field, text in said.items()}


def _noted(job: Job) -> Mapping[str, str] | None:
    """Those of the revisions before; None where they are not known."""
    kept = Revision.of(job)
    return {} if kept is None else kept.wording


def _understanding(job: Job) -> Understanding:
    try:
        understanding = Understanding.model_validate(job.understanding)
    except ValidationError as fault:
        raise JobNotFinished(f"Job '{job.id}' has no understanding to begin with") from fault
    drawn = _drawn(job)
    return understanding if drawn is None else drawn.untold(understanding)


def _words(
    words: Understanding, *, was: Wishes, wishes: Wishes, is_noted: bool
) -> tuple[Understanding, Reads | None]:
    """The words as they are taken over, and what is to be read anew."""
    written_for = words.written_for or was.readers
    fit = wishes.readers == written_for
    by_model = words.source is UnderstandingSource.MODEL
    reads = Reads.HEADLINE if _has_lost_headline(words, was, wishes) else None
    if is_noted and not by_model and not fit and wishes.readers != was.readers:
        reads = Reads.WORDS if reads is None else Reads.ALL
    notes = list(of_source(words.degraded))
    if not fit:
        unread = STAY_OF_SOURCE if is_noted else STAY_UNNOTED
        notes.append(STAY_OF_MODEL if by_model else unread)
    if HEADLINE_STAYS in words.degraded and wishes.custom_headline is None:
        notes.append(HEADLINE_STAYS)
    headed = _headed(words, was.custom_headline, wishes.custom_headline)
    told = {"written_for": None if fit else written_for, "degraded": tuple(notes)}
    return headed.model_copy(update=told), reads


def _has_lost_headline(words: Understanding, was: Wishes, wishes: Wishes) -> bool:
    """Whether the headline that was found is wanted again, and nobody has kept it."""
    is_wanted = was.custom_headline is not None and wishes.custom_headline is None
    return is_wanted and words.found_headline is None


def _headed(words: Understanding, was: str | None, headline: str | None) -> Understanding:
    if headline is None:
        return words.unheaded()
    if was is None or words.found_headline is not None:
        return words.headed(headline)
    # The one that it had was somebody's own as well.
    return words.model_copy(update={"headline": headline})


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
