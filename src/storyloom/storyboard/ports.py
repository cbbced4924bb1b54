"""What storyboards need from outside: readers of code and of words in pictures."""

from dataclasses import dataclass
from typing import Protocol

from storyloom.storyboard.code.facts import CodeFacts
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import Understanding


@dataclass(frozen=True, slots=True)
class TextBox:
    """One line of text found in a picture; the box is in pixels from the top left corner."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    score: float  #: how sure the reader is, 0 to 1


class TextReader(Protocol):
    """Finds words in a picture."""

    async def read(self, image: bytes) -> tuple[TextBox, ...]:
        """Read the picture (PNG, JPEG, WebP or GIF, already checked).

        Raises `Unsupported` when no reader is installed here.
        """
        ...

    async def ping(self) -> None:
        """Return when it can read; raise `Unsupported` when it is not installed."""
        ...


class CodeUnderstanding(Protocol):
    """Says what a code file is about."""

    async def understand(self, file_name: str, text: str, brief: Brief) -> Understanding:
        """Fill the seven fields for the brief's audience and stage."""
        ...


class RoadmapUnderstanding(Protocol):
    """Says what a roadmap screenshot is about."""

    async def understand(self, image: bytes, brief: Brief, *, sanitize_ip: bool) -> Understanding:
        """Fill the seven fields; with `sanitize_ip`, none of the picture's own words is in them."""
        ...


class CodeReader(Protocol):
    """Finds out what is in a source file, without running it."""

    def read(self, file_name: str, text: str) -> CodeFacts:
        """Read any text whatever; never raises, and takes a fraction of a second at most.

        This is work for the processor alone: call it in a thread.
        """
        ...
