"""What may be in the way of a picture, and for how long that is borne."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storyloom.automation.runs.config import QuietHours
from storyloom.automation.runs.schemas import WaitCode
from storyloom.errors import StoryloomError


@dataclass(frozen=True, slots=True)
class Obstacle:
    """One thing that is in the way now."""

    code: WaitCode
    detail: str
    look_again_s: float = 2.0
    until: datetime | None = None  #: where it is known when it ends
    is_patient: bool = False  #: somebody wants it so: it may last as long as it likes
    ends_it: StoryloomError | None = None  #: it will not go away by itself


class WaitedTooLong(StoryloomError):
    """What makes the pictures could not be had in the time that it may take."""

    code = "gave_up_waiting"

    def __init__(self, obstacle: Obstacle, waited_s: float) -> None:
        """Say what was in the way at last."""
        super().__init__(
            f"After {_told(waited_s)} of waiting it was given up: {obstacle.detail}"
            if waited_s
            else f"It was given up: {obstacle.detail}"
        )
        self.obstacle = obstacle


def quiet_until(hours: QuietHours | None, now: datetime) -> datetime | None:
    """When the quiet hours end that it is now; None when it is not quiet."""
    if hours is None or hours.start == hours.end:
        return None
    local = now.astimezone(ZoneInfo(hours.timezone))
    for days in (-1, 0):
        day = local.date() + timedelta(days=days)
        start = datetime.combine(day, hours.start, local.tzinfo)
        wraps = timedelta(days=1 if hours.end < hours.start else 0)
        end = datetime.combine(day + wraps, hours.end, local.tzinfo)
        if start <= local < end:
            return end.astimezone(now.tzinfo)
    return None


def _told(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else f"{seconds:.0f} seconds"
