"""Keys in this process: the twin that tests use."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.access.schemas import ApiKey, StoredKey
from storyloom.errors import Conflict


class MemoryKeyStore:
    """Keeps keys in a dictionary."""

    def __init__(self) -> None:
        """It begins empty."""
        self._keys: dict[str, StoredKey] = {}

    async def add(self, key: StoredKey) -> None:
        """Keep a new key; raises `Conflict` when its id is taken."""
        if key.id in self._keys:
            raise Conflict("There is a key with this id.")
        self._keys[key.id] = key

    async def find(self, key_id: str) -> StoredKey | None:
        """The key with this id."""
        return self._keys.get(key_id)

    async def list(self, *, org_id: str | None, limit: int) -> Sequence[ApiKey]:
        """The newest keys first."""
        found = [k for k in self._keys.values() if org_id in {None, k.org_id}]
        newest = sorted(found, key=lambda k: (-k.created_at.timestamp(), k.id))[:limit]
        return [ApiKey(**k.model_dump(exclude={"digest", "prefix"})) for k in newest]

    async def revoke(self, key_id: str, *, org_id: str | None, at: datetime) -> bool:
        """Revoke a key; False when there is none."""
        key = self._keys.get(key_id)
        if key is None or org_id not in {None, key.org_id}:
            return False
        if key.revoked_at is None:
            self._keys[key_id] = key.model_copy(update={"revoked_at": at})
        return True

    async def used(self, key_id: str, at: datetime) -> None:
        """Note when a key was used."""
        key = self._keys.get(key_id)
        if key is not None and (key.last_used_at is None or key.last_used_at < at):
            self._keys[key_id] = key.model_copy(update={"last_used_at": at})

    async def exist(self, *, good_at: datetime | None = None) -> bool:
        """Whether there is a key that is not revoked; or one that lets in at this time."""
        return any(
            key.revoked_at is None if good_at is None else key.is_good(good_at)
            for key in self._keys.values()
        )
