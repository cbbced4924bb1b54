"""What stored profiles need from outside: where they are kept."""

from collections.abc import Sequence
from typing import Protocol

from storyloom.storyboard.profiles.schemas import StoredProfile


class ProfileStore(Protocol):
    """Keeps the profiles of organisations. Every call raises `Unavailable` when it is away."""

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        ...

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        ...

    async def put(self, org_id: str, profile: StoredProfile) -> None:
        """Keep it, in place of one of the same name."""
        ...

    async def delete(self, org_id: str, key: str) -> bool:
        """Remove it; False where there was none."""
        ...
