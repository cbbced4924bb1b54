"""What exports need from outside: pictures, something that typesets sheets, something that films."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from storyloom.boards.export.schemas import Reel, SheetLayout
from storyloom.boards.schemas import Drawing

#: The bytes of a picture by its key; raises `NotFound` or `Unavailable`.
Fetch = Callable[[str], Awaitable[bytes]]


class SheetRenderer(Protocol):
    """Typesets contact sheets. The same reel and thumbnails give the same bytes."""

    async def sheet(
        self, reel: Reel, layout: SheetLayout, thumbnails: Mapping[int, bytes]
    ) -> Drawing:
        """A PDF: the report where there is one, then the pictures.

        `thumbnails` are small JPEG files by the items' numbers; an item without one gets a card.
        """
        ...

    async def ping(self) -> None:
        """Return when it can typeset; raise `Unavailable` when it cannot."""
        ...


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of a film: a file of the film's size, and what is said meanwhile."""

    path: Path
    frames: int
    words: str


class FilmMaker(Protocol):
    """Makes films of stills."""

    async def film(self, stills: Sequence[Still], frames_per_second: int, out: Path) -> None:
        """Write an MP4; raises `Unsupported` where there is no program for it, and `TimedOut`.

        A caller who is cancelled ends the program too.
        """
        ...

    async def ping(self) -> None:
        """Return when it can film; raise `Unsupported` when there is no program for it."""
        ...
