"""Which script a session has: read once for each version, and remembered by its digest."""

from collections import OrderedDict
from hashlib import sha256
from typing import Protocol

from storyloom.errors import NotFound
from storyloom.story.episodes import StoryView
from storyloom.story.schemas import SessionKey
from storyloom.story.state import Seen

REMEMBERED = 1000


class Episodes(Protocol):
    """Where sessions are looked at, as `StorySessions` has it."""

    async def look(self, key: SessionKey) -> Seen:
        """What the session is now; raises `SessionNotFound`."""
        ...

    async def episode(self, key: SessionKey) -> StoryView:
        """Script, beats and bible as they are now; raises `SessionNotFound`."""
        ...


class Scripts:
    """Compares scripts of sessions, which have megabytes, without reading them each time."""

    def __init__(self, sessions: Episodes) -> None:
        """Take where sessions are looked at."""
        self._sessions = sessions
        self._known: OrderedDict[SessionKey, tuple[str, str]] = OrderedDict()

    async def is_of(self, key: SessionKey, digest: str) -> bool:
        """Whether the session has the script of this digest; False where there is no such session."""
        try:
            version = (await self._sessions.look(key)).kept.version
            known = self._known.get(key)
            if known is None or known[0] != version:
                # Should it have changed meanwhile, it is read anew the next time.
                known = version, digest_of((await self._sessions.episode(key)).script)
        except NotFound:
            self._known.pop(key, None)
            return False
        self._known[key] = known
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known[1] == digest


def digest_of(script: str) -> str:
    """The SHA-256 of a script, in hex."""
    return sha256(script.encode("utf-8", "surrogatepass")).hexdigest()
