"""What happens to storyboard jobs, told as events."""

from collections import OrderedDict
from datetime import datetime

from pydantic import JsonValue

from storyloom.events.ports import Emitter
from storyloom.events.schemas import Draft, EventType, Subject
from storyloom.jobs.schemas import JobStatus, JobSummary, Outcome
from storyloom.kit.ids import JobId

#: The steps of a storyboard, in their order.
STAGES = ("understand", "illustrate", "draw", "archive")
_REMEMBERED = 4096
_ENDS: dict[JobStatus, tuple[EventType, str]] = {
    JobStatus.COMPLETED: (EventType.COMPLETED, "succeeded"),
    JobStatus.FAILED: (EventType.FAILED, "failed"),
    JobStatus.CANCELLED: (EventType.CANCELLED, "canceled"),
}


class JobTeller:
    """Tells of jobs. Each thing is told once, however often a crash has it done again."""

    def __init__(self, events: Emitter) -> None:
        """Take where it is told."""
        self._events = events
        self._owners: OrderedDict[JobId, tuple[str, str]] = OrderedDict()

    def accepted(self, job: JobSummary) -> None:
        """It is safe, and waits."""
        self._events.emit(accepted(job))

    def started(self, job: JobSummary) -> None:
        """A worker is at it. That it is safe may not have been told, if somebody died then."""
        self.remember(job)
        self.accepted(job)
        at = job.started_at or job.created_at
        self._tell(job, EventType.STARTED, at=at, data={"status": "running"}, what="started")

    def reached(self, job: JobSummary, stage: str, at: datetime) -> None:
        """A step of it has begun."""
        done, total = STAGES.index(stage), len(STAGES)
        progress: dict[str, JsonValue] = {
            "done": done,
            "total": total,
            "fraction": round(done / total, 2),
        }
        data: dict[str, JsonValue] = {"status": "running", "stage": stage, "progress": progress}
        self._tell(job, EventType.PROGRESS, at=at, data=data, what=stage)

    def remember(self, job: JobSummary) -> None:
        """Know whose it is when it ends."""
        self._owners[job.id] = (job.org_id, job.job_type)
        if len(self._owners) > _REMEMBERED:
            self._owners.popitem(last=False)

    def ended(self, job_id: JobId, outcome: Outcome) -> bool:
        """It has ended; False where it is not known whose it is."""
        owner = self._owners.pop(job_id, None)
        if owner is None:
            return False
        self._events.emit(end_of(*owner, job_id, outcome))
        return True

    def _tell(
        self,
        job: JobSummary,
        type_: EventType,
        *,
        at: datetime,
        data: dict[str, JsonValue],
        what: str,
    ) -> None:
        self._events.emit(_of(job, type_, at=at, data=data, what=what))


def accepted(job: JobSummary) -> Draft:
    """The event by which a job is safe."""
    data: dict[str, JsonValue] = {"status": "queued"}
    return _of(job, EventType.ACCEPTED, at=job.created_at, data=data, what="accepted")


def end_of(org_id: str, kind: str, job_id: JobId, outcome: Outcome) -> Draft:
    """The event by which a job ends."""
    type_, status = _ENDS[outcome.status]
    data: dict[str, JsonValue] = {"status": status, "duration_ms": outcome.execution_time_ms}
    if outcome.status is JobStatus.FAILED:
        data["error"] = {"code": outcome.error_code, "message": outcome.error_message}
    subject, cause = Subject(kind=kind, id=job_id), f"{job_id}:end"
    return Draft.of(org_id, type_, subject, at=outcome.completed_at, data=data, cause=cause)


def end_of_summary(job: JobSummary) -> Draft:
    """The same, of a job that has ended."""
    outcome = Outcome(
        status=job.status,
        completed_at=job.completed_at or job.created_at,
        execution_time_ms=job.execution_time_ms or 0,
        error_code=job.error_code,
        error_message=job.error_message,
    )
    return end_of(job.org_id, job.job_type, job.id, outcome)


def _of(
    job: JobSummary, type_: EventType, *, at: datetime, data: dict[str, JsonValue], what: str
) -> Draft:
    subject, cause = Subject(kind=job.job_type, id=job.id), f"{job.id}:{what}"
    return Draft.of(job.org_id, type_, subject, at=at, data=data, cause=cause)
