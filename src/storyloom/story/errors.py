"""What can go wrong with a session."""

from storyloom.errors import Busy, Conflict, NotFound


class SessionNotFound(NotFound):
    """Session not found"""  # noqa: D415 - the documented words


class SessionUnreadable(SessionNotFound):
    """Session cannot be read: what is stored is not a JSON object"""  # noqa: D415 - as above


class TimestampTaken(Conflict):
    """There is a session with this timestamp already."""


class SessionChanged(Conflict):
    """The session is not as the request expects it: somebody else has changed it since."""

    code = "session_changed"
    http_status = 412

    def __init__(self, message: str, etag: str | None) -> None:
        """Say so, with its `ETag` as it is now; None where there is no such session."""
        super().__init__(message)
        self.etag = etag


class SessionContested(Busy):
    """The session is being written by others; try again."""

    def __init__(self) -> None:
        """It has been tried several times."""
        super().__init__(system="sessions", retry_after_s=1)
