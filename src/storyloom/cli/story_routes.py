"""What the commands about stories ask, of a server or of the stores themselves."""

from collections.abc import Sequence
from typing import Any, Protocol

Json = dict[str, Any]


class StoryRoutes(Protocol):
    """What the API answers, wherever it comes from; with its `etag`, where that is about a session."""

    async def sessions(self, limit: int, before: int | None) -> Json:
        """The newest sessions."""
        ...

    async def session(self, timestamp: str) -> tuple[Json, Json]:
        """A session, and whether its prompts are ready; raises `NotFound`, as the others do."""
        ...

    async def save(self, raw: bytes, if_match: str | None) -> Json:
        """Save a session, where there is one only while it is as expected."""
        ...

    async def add_prompts(self, timestamp: str, raw: bytes, if_match: str | None) -> Json:
        """Add prompts, only while the session is as expected."""
        ...

    async def delete(self, timestamp: str) -> Json:
        """Delete a session."""
        ...

    async def check(self, kinds: Sequence[str], limit: int, wait: float) -> Json:
        """What is not acknowledged."""
        ...

    async def acknowledge(self, notification_id: str) -> Json:
        """Acknowledge it."""
        ...
