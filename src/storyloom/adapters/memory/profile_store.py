"""The profiles of organisations in this process: the twin that tests use."""

from collections.abc import Sequence

from storyloom.storyboard.profiles.ports import ProfileChange, ProfileEdit
from storyloom.storyboard.profiles.schemas import StoredProfile


class MemoryProfileStore:
    """Keeps them in a dictionary. Nobody else is at it between a look and a change."""

    def __init__(self) -> None:
        """It begins empty."""
        self._kept: dict[tuple[str, str], StoredProfile] = {}

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        return self._kept.get((org_id, key))

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        return [self._kept[place] for place in sorted(self._kept) if place[0] == org_id]

    async def change(self, org_id: str, key: str, edit: ProfileEdit) -> ProfileChange:
        """Let the edit say what becomes of the profile."""
        before = self._kept.get((org_id, key))
        after = edit(before)
        if after is None:
            self._kept.pop((org_id, key), None)
        else:
            self._kept[org_id, key] = after
        return ProfileChange(before, after)

    async def logos(self) -> frozenset[str]:
        """The keys of the files of all logos."""
        return frozenset(key for one in self._kept.values() if (key := one.logo_key) is not None)
