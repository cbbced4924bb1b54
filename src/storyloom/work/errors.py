"""What can go wrong with work of any kind."""

from storyloom.errors import NotFound


class WorkNotFound(NotFound):
    """There is no such job."""

    code = "work_not_found"

    def __init__(self, name: str) -> None:
        """Say which one, as it was asked for."""
        super().__init__(f"Job '{name}' not found")
