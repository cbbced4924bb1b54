"""What may be in the way of a picture, and for how long that is borne."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
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
    """When the quiet hours end that it is now; None when it is not quiet.

    Where clocks change, a time of the day may come twice, or not at all: it is rather quiet for longer.
    """
    if hours is None or hours.start == hours.end:
        return None
    zone, until = ZoneInfo(hours.timezone), None
    today = now.astimezone(zone).date()
    wraps = timedelta(days=1 if hours.end < hours.start else 0)
    for day in (today + timedelta(days=days) for days in (-1, 0, 1)):
        start = min(_moments(datetime.combine(day, hours.start, zone)))
        end = max(_moments(datetime.combine(day + wraps, hours.end, zone)))
        if start <= (until or now) < end:
            until = end
    return None if until is None else until.astimezone(now.tzinfo)


def _moments(local: datetime) -> tuple[datetime, ...]:
    """What a time by the clock on the wall may mean, before and after a change."""
    # Of the same zone, times would be compared by their hands.
    return tuple(local.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def _told(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes} minutes" if minutes > 1 else f"{seconds:.0f} seconds"
