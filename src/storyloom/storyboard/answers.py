"""The answer to a poll, as finished bytes."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ValidationError

from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.tagged import tag_of
from storyloom.storyboard.schemas import JobView


class _Glance(BaseModel):
    """What has to be known of an answer besides its bytes."""

    org_id: str
    status: JobStatus
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that is sent as it is, and the little that has to be known to do so."""

    body: bytes
    etag: str
    org_id: str
    status: JobStatus
    created_at: datetime

    @classmethod
    def of(cls, job: Job) -> "Answer":
        """Show a job."""
        body = JobView.of(job).model_dump_json().encode()
        return cls(body, tag_of(body), job.org_id, job.status, job.created_at)

    @classmethod
    def read(cls, body: bytes) -> "Answer | None":
        """Read what was kept; None for what is no answer of ours."""
        try:
            glance = _Glance.model_validate_json(body)
        except ValidationError:
            return None
        return cls(body, tag_of(body), glance.org_id, glance.status, glance.created_at)

    @property
    def is_terminal(self) -> bool:
        """Whether it will never change again."""
        return self.status.is_terminal
