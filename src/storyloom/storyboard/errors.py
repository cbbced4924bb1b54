"""Errors of the storyboard feature."""

from storyloom.errors import Conflict, NotFound


class JobNotFound(NotFound):
    """There is no such job."""

    code = "job_not_found"

    def __init__(self, job_id: str) -> None:
        """Say which one, as it was asked for."""
        super().__init__(f"Job '{job_id}' not found")


class JobNotFinished(Conflict):
    """The job has no picture."""

    code = "job_not_finished"


class JobCancelled(Conflict):
    """The job was cancelled on request."""

    code = "cancelled"
