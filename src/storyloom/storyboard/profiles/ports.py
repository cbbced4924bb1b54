"""What stored profiles need from outside: where they are kept."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from storyloom.storyboard.profiles.schemas import StoredProfile

#: What is to become of a profile; None is none.
ProfileEdit = Callable[[StoredProfile | None], StoredProfile | None]


class ProfileChange(NamedTuple):
    """What a profile was, and what it is now."""

    before: StoredProfile | None
    after: StoredProfile | None

    @property
    def laid_aside(self) -> str | None:
        """The logo that it named, and names no more."""
        old = None if self.before is None else self.before.logo_key
        return None if self.after is not None and self.after.logo_key == old else old


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
        is raised here, and nothing has changed. A logo that is laid aside is noted with the change.
        """
        ...

    async def laid_aside(self, *, before: datetime) -> Sequence[str]:
        """The logos that profiles of any organisation here laid aside before this time.

        One that a profile names nevertheless is none of them.
        """
        ...

    async def forget_logo(self, key: str) -> None:
        """Keep no note of a logo any more; one that is unknown is no error."""
        ...
