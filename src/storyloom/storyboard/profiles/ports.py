"""What stored profiles need from outside: where they are kept."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from storyloom.storyboard.profiles.schemas import StoredProfile

#: What is to become of a profile; None is none.
ProfileEdit = Callable[[StoredProfile | None], StoredProfile | None]


class ProfileChange(NamedTuple):
    """What a profile was, and what it is now."""

    before: StoredProfile | None
    after: StoredProfile | None


class ProfileStore(Protocol):
    """Keeps the profiles of organisations. Every call raises `Unavailable` when it is away."""

    async def get(self, org_id: str, key: str) -> StoredProfile | None:
        """The profile of that name, or None."""
        ...

    async def list(self, org_id: str) -> Sequence[StoredProfile]:
        """All of an organisation, by name."""
        ...

    async def change(self, org_id: str, key: str, edit: ProfileEdit) -> ProfileChange:
        """Let the edit say what becomes of the profile, which exists or does not.

        What it says is kept only in place of what it saw, compared and written in one statement.
        Where somebody else was faster, it is asked again, about what they have left. What it raises
        is raised here, and nothing has changed.
        """
        ...

    async def logos(self) -> frozenset[str]:
        """The keys of the files of all logos, of every organisation."""
        ...
