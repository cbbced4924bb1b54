"""A job, its states, and what is kept of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import NamedTuple, Self
from uuid import UUID

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    ValidationError,
    field_validator,
)

from storyloom.kit.folding import folded
from storyloom.kit.ids import JobId


class JobStatus(StrEnum):
    """The life of a job. The words are the documented ones."""

    PENDING = "pending"  #: accepted and safe, not started yet
    PROCESSING = "processing"  #: a worker is at it
    COMPLETED = "completed"  #: finished with a result
    FAILED = "failed"  #: finished without one; the error says why
    CANCELLED = "cancelled"  #: stopped on request

    @property
    def is_terminal(self) -> bool:
        """Whether a job in this state will never change again."""
        return self in _TERMINAL


_TERMINAL = frozenset({JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED})


class JobSummary(BaseModel):
    """A job without its inputs and its results, as lists show it."""

    model_config = ConfigDict(frozen=True)

    # One name on the wire, in every answer: `job_id`.
    id: JobId = Field(validation_alias=AliasChoices("id", "job_id"), serialization_alias="job_id")
    org_id: str
    job_type: str
    status: JobStatus
    error_message: str | None = None
    error_code: str | None = None
    execution_time_ms: int | None = Field(default=None, ge=0)
    created_at: datetime
    started_at: datetime | None = None
    completed_at: datetime | None = None


class Job(JobSummary):
    """One run of a pipeline, whole.

    `input_params` are the request's parameters without large files; `result_image` is base64 of a
    PNG; `details` hold what the documented columns have no place for.
    """

    input_params: dict[str, JsonValue]
    result_image: str | None = None
    understanding: dict[str, JsonValue] | None = None
    details: dict[str, JsonValue] = Field(default_factory=dict)


#: Where the parameters of a job keep how it is to be handled.
HANDLING = "handling"


class Priority(IntEnum):
    """Who goes first where jobs wait; the smaller number does. Without a word it is `normal`."""

    HIGH = 10
    NORMAL = 20
    LOW = 30

    @property
    def word(self) -> str:
        """As people write it."""
        return self.name.lower()


class Handling(BaseModel):
    """How a job is to be handled, and what it stems from; nothing of it decides what is drawn."""

    model_config = ConfigDict(frozen=True)

    labels: dict[str, str] = Field(default_factory=dict)
    priority: Priority = Priority.NORMAL
    parent_id: JobId | None = None  #: the job that this one tries again
    attempt: int = Field(default=1, ge=1)

    @classmethod
    def of(cls, told: object) -> Self:
        """As it was written down; as usual where nothing was, or another version knew other words."""
        try:
            return cls.model_validate({} if told is None else told)
        except ValidationError:
            return cls()


class JobBrief(JobSummary):
    """A job as a list of all work shows it."""

    handling: Handling = Handling()
    title: str | None = None  #: the file's name, or the headline
    headline: str | None = None
    audience: str | None = None
    format: str | None = None

    @field_validator("title", "headline", "audience", "format", mode="before")
    @classmethod
    def _none_if_empty(cls, value: object) -> object:
        return value or None

    @field_validator("handling", mode="before")
    @classmethod
    def _usual(cls, value: object) -> object:
        """Most jobs are handled as usual, and say nothing of it."""
        return Handling.of(value)


class Place(NamedTuple):
    """Where a job stands in a list that begins with the newest."""

    created_at: datetime
    id: str


@dataclass(frozen=True, slots=True)
class Sought:
    """Which jobs a page is to show. What is empty does not choose."""

    statuses: frozenset[JobStatus] = frozenset()
    kinds: frozenset[str] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])  #: all of them
    text: str = ""  #: in the title, a label or what the kind adds, or the beginning of the id
    created_after: datetime | None = None  #: not included
    created_before: datetime | None = None  #: not included
    after: Place | None = None  #: only what comes after it in the list

    def takes(self, job_id: str, title: str, labels: Mapping[str, str]) -> bool:
        """Whether something of this id, title and labels is sought, as databases judge it."""
        words = folded("\n".join([title, *(f"{name}={value}" for name, value in labels.items())]))
        first, last = self.ids or ("", "")
        is_found = folded(self.text) in words or first <= job_id <= last
        return is_found and self.labels.items() <= labels.items()

    @property
    def ids(self) -> tuple[str, str] | None:
        """The first and the last id that begin with the text; None where no id does."""
        digits = self.text.lower().replace("-", "")
        if not re.fullmatch(r"[0-9a-f]{1,32}", digits):
            return None
        first, last = digits.ljust(32, "0"), digits.ljust(32, "f")
        return str(UUID(first)), str(UUID(last))


class Outcome(BaseModel):
    """How a job ended."""

    model_config = ConfigDict(frozen=True)

    status: JobStatus
    completed_at: datetime
    execution_time_ms: int = Field(ge=0)
    result_image: str | None = None
    understanding: dict[str, JsonValue] | None = None
    error_message: str | None = None
    error_code: str | None = None
    details: dict[str, JsonValue] = Field(default_factory=dict)


class StepRecord(BaseModel):
    """A step that has ended, as the engine keeps it."""

    model_config = ConfigDict(frozen=True)

    name: str
    began_at: datetime | None
    ended_at: datetime | None
    value: JsonValue = None  #: what it returned
    error_code: str | None = None
    error_message: str | None = None


class JobCount(BaseModel):
    """How many jobs of one type are in one status."""

    model_config = ConfigDict(frozen=True)

    job_type: str
    status: JobStatus
    count: int = Field(ge=0)


class BegunJob(BaseModel):
    """When a job ran."""

    model_config = ConfigDict(frozen=True)

    started_at: datetime
    completed_at: datetime | None  #: None: it runs still


class EndedJob(BaseModel):
    """What is counted of a job that has ended."""

    model_config = ConfigDict(frozen=True)

    started_at: datetime | None  #: None: it never began
    completed_at: datetime
    status: JobStatus
    execution_time_ms: int | None
    error_code: str | None


@dataclass(frozen=True, slots=True)
class NarrowJobs:
    """What jobs are counted by."""

    made_at: Sequence[datetime]
    ended: Sequence[EndedJob]
    beyond: Sequence[BegunJob]  #: began before the end, and ran longer
    waiting: int  #: have not begun, whenever they were made
    running: int  #: have begun, and not ended
    missing: Sequence[str] = ()  #: sentences on what could not be had


class QueueDepth(BaseModel):
    """How full a queue is."""

    model_config = ConfigDict(frozen=True)

    name: str
    waiting: int = Field(ge=0)
    running: int = Field(ge=0)
    oldest_wait_s: float = Field(ge=0)  #: how long its oldest job has waited; 0 when none waits


class QueueState(BaseModel):
    """A queue as operators see it. How much is in it is known where workers share it."""

    model_config = ConfigDict(frozen=True)

    name: str
    paused: bool = Field(description="Nothing of it begins; what runs goes on")
    paused_at: datetime | None
    waiting: int | None = Field(ge=0)
    running: int | None = Field(ge=0)


class Worker(BaseModel):
    """A process that takes jobs from queues.

    `id` is new at every start, so that no two living processes share one. `version` is the shape
    of the pipelines it knows: it takes only jobs of that shape.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    host: str
    pid: int
    version: str
    queues: tuple[str, ...]


class WorkerSeen(BaseModel):
    """A worker as the others see it. `beat_at` moves for as long as it lives."""

    model_config = ConfigDict(frozen=True)

    worker: Worker
    beat_at: datetime
    silent_s: float = Field(default=0.0, ge=0)  #: how long ago that was, by the registry's clock
    has_left: bool  #: it stopped, and left jobs behind for others to take up
