"""What stories need from outside: a place for sessions, and somebody who tells of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from storyloom.story.schemas import SessionKey, StoryFacts

Changed = Callable[[SessionKey], Awaitable[None]]


def version_of(body: bytes) -> str:
    """Another one for every other text. Five milliseconds for 10 MB: call it in a thread."""
    return sha256(body).hexdigest()


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A session as it is kept."""

    version: str  #: `version_of` its text
    updated_at: datetime  #: when the text became what it is
    body: bytes | None  #: the text, JSON in UTF-8; None when the caller has this version


class SessionStore(Protocol):
    """Keeps the text of sessions, and does not read it."""

    @property
    def name(self) -> str:
        """What clients are told of where their session lies: `redis`, `sqlite`, `postgresql`."""
        ...

    async def get(self, key: SessionKey, *, unless: str | None = None) -> KeptSession | None:
        """The session, or None. Its text is left out when its version is `unless`."""
        ...

    async def put(
        self, key: SessionKey, body: bytes, *, replacing: str | None, at: datetime
    ) -> bool:
        """Keep this text in place of the version `replacing`, or of nothing when that is None.

        False, and nothing written, when something else is there now.
        """
        ...

    async def delete(self, key: SessionKey) -> bool:
        """Remove it: False when there was none."""
        ...

    async def page(self, org_id: str, *, limit: int, before: int | None) -> Sequence[int]:
        """The timestamps of an organisation's sessions, the newest first, `before` not included."""
        ...

    async def expect(self, key: SessionKey, *, expected: bool) -> None:
        """Look out for what others write into this session, or do so no longer.

        Where nobody else writes there is nothing to do.
        """
        ...

    async def watch(self, changed: Changed) -> None:
        """Tell of every session that may have been written; runs for ever.

        Where nobody else writes, it returns at once.
        """
        ...


class Announcer(Protocol):
    """Tells other services how far a session is."""

    async def prompts_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> None:
        """Say that all prompts are there; once, until `prompts_missing` is said."""
        ...

    async def prompts_missing(self, key: SessionKey) -> None:
        """Note that they are not, so that it will be said when they are."""
        ...

    async def beats_ready(self, key: SessionKey, facts: StoryFacts, cause: str) -> str:
        """Say that prompts are wanted; once for the same cause. Gives the notification's id."""
        ...
