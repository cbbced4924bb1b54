"""Sessions and notifications in the stores themselves, as the API would answer."""

from collections.abc import Sequence

from pydantic import BaseModel

from storyloom.bootstrap.story import Story
from storyloom.cli.story_routes import Json
from storyloom.errors import InvalidInput, NotFound
from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.notifications.schemas import (
    Acknowledged,
    NoNotification,
    Notifications,
    NotificationType,
    NotificationView,
)
from storyloom.notifications.state import Wanted
from storyloom.story import documents
from storyloom.story.conditions import Condition

_ALL = "all"


class LocalStory:
    """Reads and writes beside a running server, or without one."""

    def __init__(self, story: Story, org: str | None) -> None:
        """Take the open stores, and whose things are meant."""
        self._story = story
        self._org = org or DEFAULT_ORG

    async def sessions(self, limit: int, before: int | None) -> Json:
        """The newest sessions."""
        text = await self._story.sessions.newest(self._org, limit=limit, before=before)
        return documents.read(text)

    async def session(self, timestamp: str) -> tuple[Json, Json]:
        """A session, and whether its prompts are ready."""
        whole = await self._story.sessions.whole(self._org, timestamp)
        status = await self._story.sessions.status(self._org, timestamp)
        session = {"success": True, "data": documents.read(whole.text), "etag": whole.etag}
        return session, _json(status)

    async def save(self, raw: bytes, if_match: str | None) -> Json:
        """Save a session."""
        saved = await self._story.sessions.save(self._org, raw, Condition(if_match))
        return _json(saved) | {"etag": saved.etag}

    async def add_prompts(self, timestamp: str, raw: bytes, if_match: str | None) -> Json:
        """Add prompts."""
        expected = Condition(if_match)
        taken = await self._story.sessions.add_prompts(self._org, timestamp, raw, expected)
        return _json(taken) | {"etag": taken.etag}

    async def delete(self, timestamp: str) -> Json:
        """Delete a session."""
        return _json(await self._story.sessions.delete(self._org, timestamp))

    async def check(self, kinds: Sequence[str], limit: int, wait: float) -> Json:
        """What is not acknowledged."""
        unknown = set(kinds) - {*NotificationType, _ALL}
        if unknown:
            raise InvalidInput(f"There is no type {min(unknown)!r} of notification.")
        chosen = [kind for kind in NotificationType if kind in kinds or _ALL in kinds]
        found = await self._story.notifications.check(self._org, Wanted(chosen, limit=limit), wait)
        return _json(Notifications(notifications=[NotificationView.of(one) for one in found]))

    async def acknowledge(self, notification_id: str) -> Json:
        """Acknowledge it."""
        if not await self._story.notifications.acknowledge(self._org, notification_id):
            raise NotFound(NoNotification().error)
        return _json(Acknowledged(notification_id=notification_id))


def _json(model: BaseModel) -> Json:
    return model.model_dump(mode="json", by_alias=True)
