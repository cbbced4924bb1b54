"""The word that the beats of a session wait for prompts."""

from contextlib import suppress
from dataclasses import replace
from hashlib import sha256

from storyloom.story.errors import SessionNotFound
from storyloom.story.ports import Announcer
from storyloom.story.schemas import BeatsReady, SessionKey, StoryFacts, Triggered
from storyloom.story.state import StorySessions


class BeatsTrigger:
    """Tells others that prompts are wanted."""

    def __init__(self, sessions: StorySessions, announcer: Announcer) -> None:
        """Take the sessions, which know what a request leaves out."""
        self._sessions = sessions
        self._announcer = announcer

    async def trigger(self, org_id: str, request: BeatsReady) -> Triggered:
        """Make the notification, once for the same beats.

        Raises `SessionNotFound` when the session is not kept here and the request does not say all.
        """
        key = SessionKey(org_id, request.session_timestamp)
        facts, cause = await self._known(key)
        said = {
            name: value
            for name in ("story_uuid", "episode_number", "total_beats")
            if (value := getattr(request, name)) is not None
        }
        if facts is None:
            if len(said) < len(BeatsReady.model_fields) - 1:
                raise SessionNotFound
            facts = StoryFacts(**said, total_prompts=0)
            cause = sha256(repr(sorted(said.items())).encode()).hexdigest()
        facts = replace(facts, **said)
        return Triggered(notification_id=await self._announcer.beats_ready(key, facts, cause))

    async def _known(self, key: SessionKey) -> tuple[StoryFacts | None, str]:
        with suppress(SessionNotFound):
            reading = (await self._sessions.see(key)).reading
            return reading.facts, reading.cause
        return None, ""
