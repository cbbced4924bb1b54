"""Errors of running jobs."""

from storyloom.errors import StoryloomError


class StepFailed(StoryloomError):
    """A step of the job failed."""

    code = "step_failed"

    def __init__(self, message: str, *, failure_code: str) -> None:
        """Carry the sentence and the stable code of the error that ended the step."""
        super().__init__(message)
        self.failure_code = failure_code


class JobStopped(StoryloomError):
    """The job has ended, on request or by another run of it, so nothing more is done for it."""

    code = "job_stopped"


class HandedOver(Exception):
    """This process is about to end and has let go of the job, which another is to go on with.

    A pipeline raises it out of its last part, `Steps.end`, of which an engine keeps nothing: to the
    engine the job is unfinished, and it is taken up as after a crash.
    """
