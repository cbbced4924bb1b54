"""The profiles of organisations in this process: the twin that tests use."""

from collections.abc import Sequence

from storyloom.storyboard.profiles.schemas import StoredProfile


class MemoryProfileStore:
    """Keeps them in a dictionary."""

    def __init__(self) -> None:
        """It begins empty."""
        self._kept: dict[tuple[str, str], StoredProfile] = {}

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        return self._kept.get((org_id, key))

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        return [self._kept[place] for place in sorted(self._kept) if place[0] == org_id]

    async def put(self, org_id: str, profile: StoredProfile) -> None:
        """Keep it, in place of one of the same name."""
        self._kept[org_id, profile.preset.key] = profile

    async def delete(self, org_id: str, key: str) -> bool:
        """Remove it; False where there was none."""
        return self._kept.pop((org_id, key), None) is not None
