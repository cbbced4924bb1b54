"""Errors of running jobs."""

from storyloom.errors import StoryloomError


class StepFailed(StoryloomError):
    """A step of the job failed."""

    code = "step_failed"

    def __init__(self, message: str, *, failure_code: str) -> None:
        """Carry the sentence and the stable code of the error that ended the step."""
        super().__init__(message)
        self.failure_code = failure_code
