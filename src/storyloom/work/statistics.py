"""What an organisation's work came to, day by day, in figures."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from pydantic import BaseModel, ConfigDict, Field

from storyloom.jobs.schemas import JobStatus, QueueState
from storyloom.outbound.costs import Cost
from storyloom.outbound.schemas import Spent

MAX_DAYS = 366
USUAL_DAYS = 30
DAYS_BY_HOURS = 7
_DAY = timedelta(days=1)


class Durations(BaseModel):
    """How long jobs took from their begin to their end, in seconds; null where there were none."""

    mean_s: float | None
    p50_s: float | None = Field(description="Half of them took no longer")
    p95_s: float | None = Field(description="Of twenty, nineteen took no longer")


class ErrorCount(BaseModel):
    """How many jobs failed with one code."""

    code: str
    count: int = Field(ge=1)


class SpentOn(BaseModel):
    """What one model has cost."""

    provider: str
    model: str
    cost: Cost


class Concurrency(BaseModel):
    """How many jobs ran at once: begun, and not ended."""

    peak: int = Field(ge=0, description="The most at one moment")
    mean: float = Field(ge=0, description="Over the whole time, as far as it has come")


class HourOfWork(BaseModel):
    """One hour."""

    at: datetime = Field(description="When it begins")
    concurrency: Concurrency


class DayOfWork(BaseModel):
    """One day. A job is accepted on one day, and may end on another."""

    day: date = Field(description="A day in UTC")
    accepted: int = Field(ge=0, description="Jobs that were made")
    completed: int = Field(ge=0, description="Jobs that ended with a result")
    failed: int = Field(ge=0)
    canceled: int = Field(ge=0)
    success_rate: float | None = Field(
        ge=0, le=1, description="Completed by completed and failed; null where there were neither"
    )
    duration: Durations = Field(description="Of the completed ones")
    concurrency: Concurrency
    errors: list[ErrorCount] = Field(description="Of the failed ones, the most frequent first")
    spend: list[SpentOn] = Field(description="Of the calls to models that began on the day")
    pictures: int = Field(
        ge=0, description="Boards that were completed, and the pictures of runs that ended"
    )


class Now(BaseModel):
    """How much there is to do at the moment."""

    waiting: int = Field(ge=0, description="Jobs of the organisation that have not begun")
    running: int = Field(ge=0, description="Jobs of the organisation that have begun")
    queues: list[QueueState] = Field(
        description="As `/v1/queues` has them, of all organisations; null where nobody knows"
    )
    workers: int | None = Field(
        ge=0, description="How many live; null: there are none beside the server"
    )


class Statistics(BaseModel):
    """Storyboards and runs in figures, of those kinds that the key covers."""

    org_id: str
    since: date = Field(description="The first day")
    until: date = Field(description="The last day, included")
    days: list[DayOfWork] = Field(description="Each day, the newest first")
    hours: list[HourOfWork] = Field(
        description=f"Each hour that has begun, the newest first; none of more than {DAYS_BY_HOURS} days"
    )
    now: Now
    degraded: list[str] = Field(description="What is missing, and why")


@dataclass(frozen=True, slots=True)
class Span:
    """Some days in UTC, the last one included."""

    since: date
    until: date

    @property
    def start(self) -> datetime:
        """When they begin."""
        return datetime.combine(self.since, time(), UTC)

    @property
    def end(self) -> datetime:
        """When they are over; not included."""
        return datetime.combine(self.until + _DAY, time(), UTC)

    @property
    def days(self) -> Sequence[date]:
        """Each of them, the newest first."""
        return [self.until - ago * _DAY for ago in range((self.until - self.since).days + 1)]


class Ended(BaseModel):
    """The jobs that ended on one day in the same way."""

    model_config = ConfigDict(frozen=True)

    day: date
    status: JobStatus
    code: str | None  #: of those that failed
    count: int
    mean_ms: float | None
    p50_ms: float | None
    p95_ms: float | None
    pictures: int


class BusyHour(BaseModel):
    """An hour in which jobs ran."""

    model_config = ConfigDict(frozen=True)

    at: datetime  #: when it begins
    peak: int  #: how many ran at once
    job_ms: int  #: the time that each of them ran, added up


class SpentBy(Spent):
    """What calls to one model cost on one day."""

    day: date
    provider: str
    model: str


class Accepted(BaseModel):
    """The jobs that were made on one day."""

    model_config = ConfigDict(frozen=True)

    day: date
    count: int


@dataclass(frozen=True, slots=True)
class KnownOrganizations:
    """Figures of some organisations, by their names. What there is nothing of may be left out."""

    jobs: Mapping[str, int]
    last_work_at: Mapping[str, datetime]
    spent: Mapping[str, Spent]
    missing: Sequence[str] = ()  #: sentences


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted where jobs are kept."""

    accepted: Collection[Accepted]
    ended: Collection[Ended]
    spent: Collection[SpentBy]
    busy: Collection[BusyHour]
    waiting: int
    running: int
    missing: Sequence[str] = ()  #: sentences
