"""One thing to be done, whatever its kind, as people see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Self

from pydantic import BaseModel, Field, JsonValue

from storyloom.jobs.schemas import Handling, JobStatus, Place, QueueState, Sought
from storyloom.kit.clock import elapsed_ms
from storyloom.outbound.costs import Cost

JOBS = "/v1/jobs"
PriorityName = Literal["high", "normal", "low"]


class WorkKind(StrEnum):
    """What there is to be done."""

    CODE = "code_to_storyboard"
    ROADMAP = "roadmap_to_storyboard"
    RUN = "story_run"
    EXPORT = "run_export"  #: a file of a run


class WorkStatus(StrEnum):
    """The life of a piece of work. More words may come."""

    QUEUED = "queued"  #: accepted and safe, not begun
    RUNNING = "running"
    WAITING = "waiting"  #: begun, and nothing moves now; `waiting_on` says why
    CANCELING = "canceling"  #: being stopped on request
    SUCCEEDED = "succeeded"
    FAILED = "failed"  #: `error` says why
    CANCELED = "canceled"

    @property
    def is_terminal(self) -> bool:
        """Whether it will never change again, unless somebody asks for more."""
        return self in _ENDED


_ENDED = frozenset({WorkStatus.SUCCEEDED, WorkStatus.FAILED, WorkStatus.CANCELED})
#: The status of what is kept, where nothing more is known of it.
STATUS_OF: Mapping[JobStatus, WorkStatus] = {
    JobStatus.PENDING: WorkStatus.QUEUED,
    JobStatus.PROCESSING: WorkStatus.RUNNING,
    JobStatus.COMPLETED: WorkStatus.SUCCEEDED,
    JobStatus.FAILED: WorkStatus.FAILED,
    JobStatus.CANCELLED: WorkStatus.CANCELED,
}
_BEGUN = frozenset({WorkStatus.RUNNING, WorkStatus.WAITING, WorkStatus.CANCELING})


class Waiting(BaseModel):
    """One thing that work waits for."""

    code: str = Field(description="Stable, for programs")
    detail: str = Field(description="A sentence for a person")
    until: datetime | None = Field(
        default=None, description="When it is looked at again, or given up; null: nobody knows"
    )


class WorkError(BaseModel):
    """Why there is no result."""

    code: str = Field(description="Stable, for programs")
    stage: str | None = None
    message: str = Field(description="A sentence for a person")
    retryable: bool = Field(description="Whether `links.retry` may help")
    hint: str | None = Field(
        default=None, description="What a person should do, where that is known"
    )


class Metrics(BaseModel):
    """How long it took, in seconds; null where that has not begun or not ended."""

    queue_s: float | None = Field(description="From when it was asked for to its begin")
    run_s: float | None = Field(description="From its begin to its end")

    @classmethod
    def of(cls, created: datetime, started: datetime | None, completed: datetime | None) -> Self:
        """Reckoned from the three times."""
        return cls(
            queue_s=None if started is None else elapsed_ms(created, started) / 1000,
            run_s=None
            if started is None or completed is None
            else elapsed_ms(started, completed) / 1000,
        )


_LINKED = ("cancel", "retry", "explain", "cost", "events")


class Links(BaseModel):
    """Where more can be had or asked. Clients need not put addresses together."""

    self: str
    cancel: str
    retry: str
    explain: str
    cost: str
    events: str = Field(description="What happens to it, as server-sent events")
    result: str = Field(description="The job at the routes of its own kind")

    @classmethod
    def of(cls, work_id: str, result: str) -> Self:
        """Those of one piece of work."""
        own = f"{JOBS}/{work_id}"
        named = {name: f"{own}/{name}" for name in _LINKED}
        return cls(self=own, result=result, **named)


class Progress(BaseModel):
    """How far it is."""

    done: int = Field(ge=0)
    total: int = Field(ge=0)
    fraction: float | None = Field(ge=0, le=1, description="Null while the total is not known")


class WorkSummary(BaseModel):
    """Work as the list shows it. Clients ignore fields that they do not know."""

    id: str
    kind: WorkKind
    title: str | None = Field(
        default=None, description="The file's name, the story's title, or a headline"
    )
    story: str | None = Field(default=None, description="Of an export: the title of its story")
    headline: str | None = Field(default=None, description="Of a storyboard, once it is known")
    audience: str | None = Field(default=None, description="Of a storyboard: who looks at it")
    format: str | None = Field(default=None, description="Of a storyboard: its shape")
    status: WorkStatus
    stage: str | None = Field(description="What it is at, by the kind's own words")
    progress: Progress
    priority: PriorityName
    waiting_on: list[Waiting] = Field(default_factory=list[Waiting])
    attempt: int = Field(ge=1)
    error: WorkError | None = None
    metrics: Metrics
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    org_id: str
    parent_id: str | None = Field(
        default=None, description="The job that this one tries again, or is a revision of"
    )
    labels: dict[str, str]
    thumbnail: str | None = Field(
        default=None,
        description="Where a small picture of it is, if there is one; another address for another one",
    )
    links: Links


class OutputFile(BaseModel):
    """A file that was made."""

    name: str
    url: str
    media_type: str


class Output(BaseModel):
    """What was made, so far."""

    files: list[OutputFile]


class QueuePlace(BaseModel):
    """Where work waits."""

    name: str
    position: int = Field(ge=1, description="1: it is next")
    ahead: int = Field(ge=0, description="How many are taken first")
    eta_s: float | None = Field(description="Seconds until its end; null: nobody knows")
    basis: str | None = Field(description="What that is reckoned from")


class Work(WorkSummary):
    """Work, whole."""

    queue: QueuePlace | None = Field(default=None, description="While it waits to be begun")
    input: dict[str, JsonValue] = Field(description="What was asked, without large texts and files")
    output: Output | None = None
    degraded: list[str] = Field(
        default_factory=list, description="What could not be done as well as usual"
    )
    warnings: list[str] = Field(default_factory=list)
    cost: Cost | None = Field(
        default=None,
        description="Of its calls to models, once it has ended; `links.cost` tells now",
    )


class WorkList(BaseModel):
    """One page of work, the newest first."""

    data: list[WorkSummary]
    next_cursor: str | None = Field(description="Of the next page; null: this is the last")


class QueueList(BaseModel):
    """All queues."""

    data: Sequence[QueueState]


class Eta(BaseModel):
    """When work may have ended."""

    at: datetime
    seconds: float
    basis: str = Field(description="What that is reckoned from")


class Explanation(BaseModel):
    """Why work is where it is."""

    id: str
    status: WorkStatus
    says: str = Field(description="All of it in plain words")
    position: int | None = Field(default=None, ge=1, description="In its queue; 1: it is next")
    ahead: int | None = Field(default=None, ge=0, description="How many are taken first")
    eta: Eta | None = None
    waiting_on: list[Waiting] = Field(default_factory=list[Waiting])


@dataclass(frozen=True, slots=True)
class WorkFilter:
    """Which work a page is to show. What is empty does not choose."""

    statuses: frozenset[WorkStatus] = frozenset()
    kinds: frozenset[WorkKind] = frozenset()
    labels: Mapping[str, str] = field(default_factory=dict[str, str])
    created_after: datetime | None = None
    created_before: datetime | None = None
    text: str = ""

    def sought(self, after: Place | None) -> Sought | None:
        """The same in the words of what is kept; None where nothing can be found by it.

        What has begun is of one status there, so more may be found than is wanted.
        """
        statuses = {kept for kept, shown in STATUS_OF.items() if shown in self.statuses}
        if self.statuses & _BEGUN:
            statuses.add(JobStatus.PROCESSING)
        if self.statuses and not statuses:
            return None
        return Sought(
            statuses=frozenset(statuses),
            kinds=frozenset(kind.value for kind in self.kinds),
            labels=self.labels,
            text=self.text,
            created_after=self.created_after,
            created_before=self.created_before,
            after=after,
        )

    def takes(self, work: WorkSummary) -> bool:
        """Whether work of a page of what is kept is wanted: what has begun is of one status there."""
        return not self.statuses or work.status in self.statuses


def handled(handling: Handling) -> dict[str, object]:
    """The fields that tell how work is handled."""
    return {
        "priority": handling.priority.word,
        "attempt": handling.attempt,
        "parent_id": handling.parent_id,
        "labels": handling.labels,
    }


def thumbnail_of(work_id: str, version: str) -> str:
    """Where a small picture of the work is; a page that shows many need not ask again for this one."""
    return f"{JOBS}/{work_id}/thumbnail?version={version}"


def place_of(work: WorkSummary) -> Place:
    """Where it stands in the list."""
    return Place(work.created_at, work.id)


def newest_first(pages: Iterable[Iterable[WorkSummary]]) -> list[WorkSummary]:
    """Several pages as one."""
    return sorted((work for page in pages for work in page), key=place_of, reverse=True)
