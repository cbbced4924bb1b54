"""What jobs need from outside: two places to be kept in, and an engine to run them."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from pydantic import JsonValue

from storyloom.jobs.schemas import (
    Job,
    JobBrief,
    JobCount,
    JobStatus,
    JobSummary,
    NarrowJobs,
    Outcome,
    Priority,
    QueueDepth,
    Sought,
    StepRecord,
    Worker,
    WorkerSeen,
)
from storyloom.kit.ids import JobId


class JobArchive(Protocol):
    """Cold storage: every accepted job, for ever. What returns without an error is on disk."""

    async def add(self, job: Job) -> None:
        """Keep a new job; raises `Conflict` when its id is taken."""
        ...

    async def get(self, job_id: JobId) -> Job | None:
        """The whole job, or None."""
        ...

    async def begin(self, job_id: JobId, at: datetime) -> Job | None:
        """Move a pending job to processing and return it as it is now.

        A job that has begun before keeps its first `started_at`; a finished one is not touched.
        """
        ...

    async def finish(self, job_id: JobId, outcome: Outcome) -> bool:
        """Write the end of a job, once: False, and nothing written, when it has ended before."""
        ...

    async def list(
        self, *, limit: int, org_id: str | None = None, status: JobStatus | None = None
    ) -> Sequence[JobSummary]:
        """The newest jobs first, without inputs and results."""
        ...

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[JobBrief]:
        """Jobs that have not ended, oldest first, and by id where they are of one time.

        Neither of the two times is included.
        """
        ...

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[JobId]:
        """Remove the oldest jobs that ended before this time, and name them.

        A job that has not ended is never removed.
        """
        ...

    async def ping(self) -> None:
        """Return when rows can be read; raise `Unavailable` when they cannot."""
        ...


class JobIndex(Protocol):
    """Looks jobs up in the archive, by what is told of them and not by what is in them."""

    async def page(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[JobBrief]:
        """Jobs of an organisation, the newest first; of one time, the greatest id first."""
        ...

    async def ended(self, job_ids: Sequence[JobId]) -> Sequence[JobId]:
        """Those of these jobs that have ended."""
        ...

    async def ended_since(self, at: datetime, *, limit: int) -> Sequence[JobSummary]:
        """Jobs of all organisations that ended at this time or later, the earliest end first."""
        ...


@runtime_checkable
class JobStatistics(Protocol):
    """What the archive holds, in figures. Not for the path of a request: it may take seconds."""

    async def counts(self) -> Sequence[JobCount]:
        """How many jobs there are of each type and status; what there is none of is left out."""
        ...

    async def ended(self, *, before: datetime) -> int:
        """How many jobs ended before this time, which `JobArchive.forget` would remove."""
        ...

    async def size_bytes(self) -> int | None:
        """The room that the archive takes, or None where nobody can tell."""
        ...


class JobRows(Protocol):
    """Gives what jobs are counted by, where the archive itself cannot count them by days."""

    async def between(self, org_id: str, start: datetime, end: datetime) -> NarrowJobs:
        """The jobs of an organisation that were made, ran or ended since `start` and before `end`."""
        ...


class JobOwners(Protocol):
    """Tells whose jobs are, where the archive is not beside everything else."""

    async def counts(self) -> Mapping[str, int]:
        """How many jobs each organisation has that has any."""
        ...


@runtime_checkable
class QueueStatistics(Protocol):
    """How many jobs wait. Not for the path of a request, like the archive's figures."""

    async def queues(self) -> Sequence[QueueDepth]:
        """Every queue that is known, also the empty ones."""
        ...


class QueueSwitches(Protocol):
    """Which queues are paused, for all processes and over restarts."""

    async def paused(self) -> Mapping[str, datetime]:
        """The paused queues, and since when."""
        ...

    async def pause(self, name: str, at: datetime) -> None:
        """Keep that it is paused; one that is paused already keeps its time."""
        ...

    async def resume(self, name: str) -> None:
        """Keep that it is not paused."""
        ...


@runtime_checkable
class MemoryStatistics(Protocol):
    """How much memory a store in memory takes."""

    async def used_bytes(self) -> int:
        """The memory in use now; raises `Unavailable` when the store does not answer."""
        ...


class HotJobs(Protocol):
    """Hot storage: the poll's answer as finished JSON bytes. Losing it loses no job."""

    async def put(self, job_id: JobId, body: bytes) -> None:
        """Keep the answer for an hour."""
        ...

    async def get(self, job_id: JobId) -> bytes | None:
        """The answer, or None when it has gone."""
        ...

    async def delete(self, job_id: JobId) -> None:
        """Forget it; forgetting what is not there is no error."""
        ...

    async def ping(self) -> None:
        """Return when it answers; raise `Unavailable` when it does not."""
        ...


class Steps(Protocol):
    """Runs the steps of one job durably: a step that has finished is never run again."""

    async def run(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        """Run the work under this name, or return what it returned before a crash.

        Names are unique in a pipeline and come in the same order every time. A step returns a
        small reference, never a file. An error that the work raises is kept like a result, and
        raised here as `StepFailed`, before and after a crash alike.
        """
        ...

    async def end(self, name: str, work: Callable[[], Awaitable[JsonValue]]) -> None:
        """Run what writes the end of the job, the last of all.

        The archive itself writes an end once, so nothing is kept of this: after a crash it is run
        again. Errors are raised as `StepFailed`.
        """
        ...


class Pipeline(Protocol):
    """The ordered steps of long work."""

    @property
    def name(self) -> str:
        """The stable name under which jobs of this kind are started."""
        ...

    @property
    def queue(self) -> str:
        """The queue that its jobs wait in, named after what is scarce."""
        ...

    async def run(self, job_id: JobId, steps: Steps) -> None:
        """Do the work, and write its end: it returns normally for a job that failed."""
        ...


class RunState(StrEnum):
    """What the engine knows of a job."""

    UNKNOWN = "unknown"  #: it was never started
    ACTIVE = "active"  #: it is running, or will go on by itself
    ENDED = "ended"  #: it will not run again


class Engine(Protocol):
    """Runs pipelines durably. A job that was started goes on after a crash by itself."""

    async def start(
        self, job_id: JobId, pipeline: str, priority: Priority = Priority.NORMAL
    ) -> None:
        """Start the job in the named pipeline; starting it twice is starting it once.

        Raises `Unsupported` for a pipeline that is not known here.
        """
        ...

    async def states(self, job_ids: Sequence[JobId]) -> Mapping[JobId, RunState]:
        """What the engine knows of each job, in one query."""
        ...

    async def forget(self, job_ids: Sequence[JobId]) -> None:
        """Remove what is kept of these jobs, which have ended; unknown ones are no error."""
        ...

    async def ahead(self, job_id: JobId) -> int | None:
        """How many are taken before the job where it waits to be begun; None: it does not wait."""
        ...

    async def ping(self) -> None:
        """Return when it can start jobs; raise `Unavailable` when it cannot."""
        ...


class StepRecords(Protocol):
    """What an engine keeps of the steps of a job."""

    async def steps(self, job_id: JobId) -> Sequence[StepRecord]:
        """The steps that have ended, well or badly, in their order; none of an unknown job."""
        ...


class WorkerRegistry(Protocol):
    """Which workers live. Its methods block, so that a thread can beat while the loop is busy.

    All raise `Unavailable` when the registry does not answer.
    """

    def beat(self, worker: Worker) -> None:
        """Say that the worker lives; the first beat registers it."""
        ...

    def seen(self) -> Sequence[WorkerSeen]:
        """Every registered worker."""
        ...

    def leave(self, worker_id: str) -> None:
        """Say that the worker has stopped and left jobs behind, so that nobody waits for it."""
        ...

    def remove(self, worker_ids: Sequence[str]) -> None:
        """Strike workers off, whose jobs have been taken up."""
        ...

    def alone(self) -> AbstractContextManager[bool]:
        """Whether nobody else is inside at the same time; held until the block ends."""
        ...


class Takeover(Protocol):
    """Brings the jobs of dead workers to living ones. Its methods block."""

    def recover(self, worker_ids: Sequence[str]) -> int:
        """Let others go on with what these workers of our version were running; how many."""
        ...

    def holders(self) -> Collection[str]:
        """Who has jobs of our version in hand, as the engine knows it; registered or not."""
        ...

    def stranded(self, worker_id: str) -> Mapping[str, str]:
        """What was given to this worker, ourselves, and never arrived: claims by job id.

        A claim whose answer was lost on the way; one that is just arriving is among them too.
        """
        ...

    def requeue(self, worker_id: str, job_ids: Collection[str]) -> int:
        """Put such jobs back into their queues; how many."""
        ...

    def renew(self, living_versions: Collection[str]) -> int:
        """Start anew the jobs of versions that no worker runs any more; how many."""
        ...


class SpanKind(StrEnum):
    """On whose behalf a stretch of work is done."""

    REQUEST = "request"  #: a caller waits for it
    JOB = "job"  #: it was handed over, and nobody waits
    STEP = "step"  #: it is a part of the work around it


class Span(Protocol):
    """A stretch of work in a trace."""

    @property
    def carried(self) -> Mapping[str, str]:
        """What another process needs to go on with the trace, as headers."""
        ...

    def tell(self, name: str | None = None, **attributes: str | int) -> None:
        """Add what has come to be known: a better name, attributes."""
        ...


class Tracer(Protocol):
    """Tells where the time goes, across processes."""

    @property
    def carried(self) -> Mapping[str, str]:
        """What another process needs to go on from here, as headers; nothing outside a span."""
        ...

    def span(
        self, name: str, kind: SpanKind, within: Mapping[str, str] | None = None
    ) -> AbstractContextManager[Span]:
        """A span, under the one that the headers carry or else under the current one."""
        ...
