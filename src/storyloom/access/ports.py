"""What keys and rate limits need from outside."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from storyloom.access.schemas import ApiKey, RateLimit, StoredKey, Taken


class KeyStore(Protocol):
    """Keeps keys, without their secrets. Every method raises `Unavailable`."""

    async def add(self, key: StoredKey) -> None:
        """Keep a new key; raises `Conflict` when its id is taken."""
        ...

    async def find(self, key_id: str) -> StoredKey | None:
        """The key with this id, whether it is still good or not."""
        ...

    async def list(self, *, org_id: str | None, limit: int) -> Sequence[ApiKey]:
        """The newest keys first: of one organisation, or of all."""
        ...

    async def revoke(self, key_id: str, *, org_id: str | None, at: datetime) -> bool:
        """Revoke a key of that organisation, or of any; False when there is none.

        A key that is revoked already stays as it is.
        """
        ...

    async def used(self, key_id: str, at: datetime) -> None:
        """Note when a key was used; an earlier time than the noted one changes nothing."""
        ...

    async def exist(self, *, good_at: datetime | None = None) -> bool:
        """Whether there is a key that is not revoked; or one that lets in at this time."""
        ...


class RateCounter(Protocol):
    """Counts requests in windows of fixed length. Raises `Unavailable`."""

    async def take(self, who: str, limit: RateLimit, amount: int) -> Taken:
        """Count some requests at once; they are granted when the window has room for all."""
        ...
