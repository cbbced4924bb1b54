"""When each picture of a reel is shown, in whole frames."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storyloom.boards.export.schemas import ReelItem

_MINUTE = 60
_DAY_H = 24


@dataclass(frozen=True, slots=True)
class Cut:
    """An item and its frames: from `start`, before `end`."""

    item: ReelItem
    start: int
    end: int

    @property
    def frames(self) -> int:
        """How long it is shown, in frames; at least one."""
        return self.end - self.start


def cuts_of(items: Sequence[ReelItem], frames_per_second: int) -> Iterator[Cut]:
    """The items one after the other.

    Ends are rounded, not lengths: the film is as long as its beats, however many they are.
    """
    start, seconds = 0, 0.0
    for item in items:
        seconds += item.duration_s
        end = max(start + 1, round(seconds * frames_per_second))
        yield Cut(item, start, end)
        start = end


def timecode(frame: int, frames_per_second: int) -> str:
    """`01:00:04:12`, without dropped frames; after a day it starts anew."""
    seconds, frames = divmod(frame, frames_per_second)
    minutes, second = divmod(seconds, _MINUTE)
    hours, minute = divmod(minutes, _MINUTE)
    return f"{hours % _DAY_H:02d}:{minute:02d}:{second:02d}:{frames:02d}"
