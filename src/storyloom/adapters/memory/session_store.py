"""Sessions in this process: the twin that tests use."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.story.ports import Changed, KeptSession, version_of
from storyloom.story.schemas import SessionKey
from storyloom.story.telling import SessionTeller


class MemorySessionStore:
    """Keeps sessions in a dictionary."""

    name = "memory"

    def __init__(self, teller: SessionTeller | None = None) -> None:
        """It begins empty. Take what says how changes are told."""
        self._teller = teller or SessionTeller()
        self._kept: dict[SessionKey, KeptSession] = {}
        self.expected: set[SessionKey] = set()

    async def get(self, key: SessionKey, *, unless: str | None = None) -> KeptSession | None:
        """The session, or None."""
        kept = self._kept.get(key)
        if kept is None or kept.version != unless:
            return kept
        return KeptSession(kept.version, kept.updated_at, None)

    async def put(
        self, key: SessionKey, body: bytes, *, replacing: str | None, at: datetime
    ) -> bool:
        """Keep this text in place of that version."""
        kept = self._kept.get(key)
        if (None if kept is None else kept.version) != replacing:
            return False
        version = version_of(body)
        self._kept[key] = KeptSession(version, at, body)
        self._teller.tell(self._teller.changed(key, version, at))
        return True

    async def delete(self, key: SessionKey) -> bool:
        """Remove it."""
        is_removed = self._kept.pop(key, None) is not None
        if is_removed:
            self._teller.tell(self._teller.deleted(key))
        return is_removed

    async def page(self, org_id: str, *, limit: int, before: int | None) -> Sequence[int]:
        """Timestamps, the newest first."""
        found = [
            key.timestamp
            for key in self._kept
            if key.org_id == org_id and (before is None or key.timestamp < before)
        ]
        return sorted(found, reverse=True)[:limit]

    async def expect(self, key: SessionKey, *, expected: bool) -> None:
        """Remember it, for tests that want to know."""
        (self.expected.add if expected else self.expected.discard)(key)

    async def watch(self, changed: Changed) -> None:
        """Nobody else writes here."""
