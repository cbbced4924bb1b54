"""Sessions as clients see them, put together from text: most of it goes out as it lies in the store."""

from dataclasses import dataclass
from typing import Any

from storyloom.story import documents
from storyloom.story.beats import EPISODE
from storyloom.story.readiness import TIMESTAMP
from storyloom.story.schemas import StoryFacts

PAGE_BYTES = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Whole:
    """A session as it goes out."""

    text: bytes
    etag: str


def whole(body: bytes, timestamp: int) -> bytes:
    """The session with its timestamp, for those that do not say it themselves."""
    return documents.write(documents.read(body) | {TIMESTAMP: timestamp})


def entry(body: bytes, timestamp: int, facts: StoryFacts) -> bytes:
    """What a list tells of a session."""
    document = documents.read(body)
    script: Any = document.get("scriptText")
    return documents.write(
        {
            TIMESTAMP: timestamp,
            "scriptText": script if isinstance(script, str) else "",
            "storyUuid": facts.story_uuid,
            EPISODE: document.get(EPISODE),
        }
    )


class Page:
    """One page of a list, while it is gathered."""

    def __init__(self) -> None:
        """It begins empty."""
        self.reached: int | None = None  #: the timestamp of the last session that was looked at
        self._entries: list[bytes] = []
        self._bytes = 0

    @property
    def is_full(self) -> bool:
        """Whether the next one has to wait for the next page."""
        return self._bytes >= PAGE_BYTES

    def reach(self, timestamp: int) -> None:
        """Look at the next session."""
        self.reached = timestamp

    def add(self, text: bytes) -> None:
        """Take its entry."""
        self._entries.append(text)
        self._bytes += len(text)

    def text(self, *, is_last: bool) -> bytes:
        """The page as JSON."""
        following = "null" if is_last else str(self.reached)
        end = f'],"count":{len(self._entries)},"next":{following}}}'
        return b'{"success":true,"sessions":[' + b",".join(self._entries) + end.encode()
