"""What can go wrong with work of any kind."""

from storyloom.errors import Conflict, NotFound


class WorkNotFound(NotFound):
    """There is no such job."""

    code = "work_not_found"

    def __init__(self, name: str) -> None:
        """Say which one, as it was asked for."""
        super().__init__(f"Job '{name}' not found")


class NothingFailed(Conflict):
    """Nothing of the job has failed, so there is nothing to be tried again."""

    code = "nothing_failed"
