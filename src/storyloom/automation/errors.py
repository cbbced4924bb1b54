"""Errors of the lights-out run."""

from math import ceil

from storyloom.errors import Conflict, RateLimited, StoryloomError

SYSTEM = "swarmui"
_FAILED = "SwarmUI failed to start: "


class SwarmUiFailed(StoryloomError):
    """SwarmUI could not be started."""

    code = "swarmui_failed"
    exit_status = 6

    def __init__(self, why: str) -> None:
        """Say why, after the document's words."""
        super().__init__(_FAILED + why)
        self.why = why


class LaunchedTooSoon(RateLimited):
    """SwarmUI may be launched once a minute."""

    code = "launched_too_soon"

    def __init__(self, retry_after_s: float) -> None:
        """Take the seconds until the next launch."""
        super().__init__(
            f"{_FAILED}it was launched less than a minute ago; "
            f"try again in {ceil(retry_after_s)} seconds",
            system=SYSTEM,
            retry_after_s=ceil(retry_after_s),
        )


class NotStopped(Conflict):
    """SwarmUI is not stopped: it is not ours, or it has work to do."""

    code = "swarmui_not_stopped"
