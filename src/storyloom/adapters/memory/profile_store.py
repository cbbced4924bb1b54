"""The profiles of organisations in this process: the twin that tests use."""

from collections.abc import Sequence
from datetime import datetime

from storyloom.kit.clock import Clock
from storyloom.storyboard.profiles.ports import ProfileChange, ProfileEdit
from storyloom.storyboard.profiles.schemas import StoredProfile


class MemoryProfileStore:
    """Keeps them in a dictionary. Nobody else is at it between a look and a change."""

    def __init__(self, clock: Clock) -> None:
        """It begins empty."""
        self._clock = clock
        self._kept: dict[tuple[str, str], StoredProfile] = {}
        self._aside: dict[str, datetime] = {}

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        return self._kept.get((org_id, key))

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        return [self._kept[place] for place in sorted(self._kept) if place[0] == org_id]

    async def change(self, org_id: str, key: str, edit: ProfileEdit) -> ProfileChange:
        """Let the edit say what becomes of the profile."""
        before = self._kept.get((org_id, key))
        change = ProfileChange(before, edit(before))
        if change.after is None:
            self._kept.pop((org_id, key), None)
        else:
            self._kept[org_id, key] = change.after
        if change.laid_aside is not None:
            self._aside[change.laid_aside] = self._clock.now()
        return change

    async def laid_aside(self, *, before: datetime) -> Sequence[str]:
        """The logos that were laid aside before this time."""
        named = {one.logo_key for one in self._kept.values()}
        return [key for key, at in self._aside.items() if at < before and key not in named]

    async def forget_logo(self, key: str) -> None:
        """Keep no note of a logo any more."""
        self._aside.pop(key, None)
