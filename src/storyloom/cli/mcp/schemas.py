"""What tools answer, as clients may check it."""

from pydantic import BaseModel, Field, JsonValue

from storyloom.outbound.costs import Cost
from storyloom.work.schemas import Waiting, Work, WorkError, WorkKind, WorkStatus


class Told(BaseModel):
    """A job, as tools tell of it."""

    job_id: str = Field(description="For job_status, revise_storyboard, cancel_job, explain_job")
    kind: WorkKind
    status: WorkStatus
    says: str = Field(description="What became of it, in a sentence")
    headline: str | None = None
    understanding: dict[str, JsonValue] | None = Field(
        default=None, description="Of a storyboard: its seven fields, and how they came"
    )
    files: list[str] = Field(
        default_factory=list, description="Paths of the files that were written, in full size"
    )
    done: int = Field(description="How many pictures are made")
    total: int = Field(description="How many there will be; 0 while nobody knows")
    degraded: list[str] = Field(
        default_factory=list, description="What could not be done as well as usual"
    )
    warnings: list[str] = Field(default_factory=list)
    waiting_on: list[Waiting] = Field(default_factory=list[Waiting])
    error: WorkError | None = None
    cost: Cost | None = Field(default=None, description="Of its calls to models")

    @classmethod
    def of(cls, work: Work) -> "Told":
        """What its work tells."""
        return cls(
            job_id=work.id,
            kind=work.kind,
            status=work.status,
            says=_said(work),
            done=work.progress.done,
            total=work.progress.total,
            degraded=work.degraded,
            warnings=work.warnings,
            waiting_on=work.waiting_on,
            error=work.error,
            cost=work.cost,
        )


def _said(work: Work) -> str:
    if work.error is not None:
        return work.error.message
    if work.status.is_terminal:
        return f"The job has {work.status.value}." if _has(work) else f"The job was {work.status}."
    reasons = " ".join(f"{wait.detail.rstrip('.')}." for wait in work.waiting_on)
    goes_on = (
        f"It goes on; job_status with the job_id {work.id} and wait_s tells when it has ended."
    )
    return f"The job is {work.status.value}. {reasons} {goes_on}".replace("  ", " ")


def _has(work: Work) -> bool:
    return work.status is not WorkStatus.CANCELED
