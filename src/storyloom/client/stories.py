"""Sessions with their prompts, and the notifications about them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from pydantic import JsonValue

import storyloom.client.operations as ops
from storyloom.client.bodies import given
from storyloom.client.expecting import expecting
from storyloom.client.faces import F, Group, operation
from storyloom.client.line import ANSWER_TIMEOUT_S
from storyloom.notifications.schemas import (
    Acknowledged,
    NotificationDigest,
    Notifications,
    NotificationType,
)
from storyloom.story.schemas import (
    PromptsStatus,
    PromptsTaken,
    Session,
    SessionDeleted,
    SessionList,
    SessionSaved,
    Triggered,
)

Json = Mapping[str, JsonValue]
Kinds = Iterable[NotificationType | Literal["all"]]


class Sessions(Group[F]):
    """The sessions of the caller's organisation, each named by its timestamp."""

    @operation
    async def save(self, session: Json | bytes, *, etag: str | None = None) -> SessionSaved:
        """Save one, in place of the one with the same timestamp; bytes are JSON already.

        With the `etag` that it had when it was read, or `"*"` for any, nothing is changed that
        somebody else has written since: then it raises `Changed`.
        """
        headers = expecting(etag)
        return await self.line.ask_tagged(ops.SAVE_SESSION, body=session, headers=headers)

    @operation
    async def list(self, *, limit: int = 50, before: int | None = None) -> SessionList:
        """The newest ones; `next` of the page is the `before` of the next one."""
        return await self.line.ask(ops.LIST_SESSIONS, query={"limit": limit, "before": before})

    @operation
    async def latest(self) -> Session:
        """The newest one, whole."""
        return await self.line.ask_tagged(ops.LATEST_SESSION)

    @operation
    async def get(self, timestamp: int | str) -> Session:
        """One, whole, with its `etag`."""
        return await self.line.ask_tagged(ops.GET_SESSION, _named(timestamp))

    @operation
    async def delete(self, timestamp: int | str) -> SessionDeleted:
        """Remove it."""
        return await self.line.ask(ops.DELETE_SESSION, _named(timestamp))

    @operation
    async def prompts_status(self, timestamp: int | str) -> PromptsStatus:
        """Whether every beat that needs prompts has them."""
        return await self.line.ask(ops.GET_PROMPTS_STATUS, _named(timestamp))

    @operation
    async def add_prompts(
        self, timestamp: int | str, prompts: Json | bytes, *, etag: str | None = None
    ) -> PromptsTaken:
        """Keep prompts for some beats, or for all: an object with `prompts`.

        With an `etag` only while the session is that one, as `save` does.
        """
        return await self.line.ask_tagged(
            ops.ADD_PROMPTS, _named(timestamp), body=prompts, headers=expecting(etag)
        )

    @operation
    async def beats_ready(
        self,
        timestamp: int,
        *,
        story_uuid: str | None = None,
        episode_number: int | None = None,
        total_beats: int | None = None,
    ) -> Triggered:
        """Tell whoever makes prompts that the beats are there."""
        body = given(
            sessionTimestamp=timestamp,
            storyUuid=story_uuid,
            episodeNumber=episode_number,
            totalBeats=total_beats,
        )
        return await self.line.ask(ops.TRIGGER_BEATS_READY, body=body)


class NotificationBox(Group[F]):
    """What is told of sessions, until it is acknowledged."""

    @operation
    async def check(
        self,
        *,
        types: Kinds = (),
        since: datetime | None = None,
        limit: int = 100,
        wait_s: float = 0,
    ) -> Notifications:
        """What is pending, the oldest first; it waits up to 30 seconds for the first."""
        query = _asked(types, since, limit, wait_s)
        timeout_s = wait_s + ANSWER_TIMEOUT_S
        return await self.line.ask(ops.CHECK_NOTIFICATIONS, query=query, timeout_s=timeout_s)

    @operation
    async def by_story(
        self,
        *,
        types: Kinds = (),
        since: datetime | None = None,
        limit: int = 100,
        wait_s: float = 0,
    ) -> NotificationDigest:
        """The same, gathered by story."""
        query = _asked(types, since, limit, wait_s) | {"group": "story"}
        return await self.line.ask(
            ops.CHECK_BY_STORY, query=query, timeout_s=wait_s + ANSWER_TIMEOUT_S
        )

    @operation
    async def acknowledge(self, notification_id: str) -> Acknowledged:
        """Have it told no longer."""
        return await self.line.ask(ops.ACKNOWLEDGE, {"notification_id": notification_id})


def _named(timestamp: int | str) -> dict[str, object]:
    return {"session_timestamp": timestamp}


def _asked(types: Kinds, since: datetime | None, limit: int, wait_s: float) -> dict[str, object]:
    return {"type": tuple(types), "since": since, "limit": limit, "wait": wait_s}
