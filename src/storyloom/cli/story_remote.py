"""Sessions and notifications of a running server, over HTTP."""

from collections.abc import Sequence

from storyloom.cli.server import Server
from storyloom.cli.story_routes import Json
from storyloom.client import operations as ops
from storyloom.client.expecting import expecting


class RemoteStory:
    """Asks the routes."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._told = server.told
        self._told_tagged = server.told_tagged

    async def sessions(self, limit: int, before: int | None) -> Json:
        """The newest sessions."""
        return await self._told(ops.LIST_SESSIONS, query={"limit": limit, "before": before})

    async def session(self, timestamp: str) -> tuple[Json, Json]:
        """A session, and whether its prompts are ready."""
        status = await self._told(ops.GET_PROMPTS_STATUS, _named(timestamp))
        return await self._told_tagged(ops.GET_SESSION, _named(timestamp)), status

    async def save(self, raw: bytes, if_match: str | None) -> Json:
        """Save a session."""
        headers = expecting(if_match)
        return await self._told_tagged(ops.SAVE_SESSION, body=raw, headers=headers)

    async def add_prompts(self, timestamp: str, raw: bytes, if_match: str | None) -> Json:
        """Add prompts."""
        return await self._told_tagged(
            ops.ADD_PROMPTS, _named(timestamp), body=raw, headers=expecting(if_match)
        )

    async def delete(self, timestamp: str) -> Json:
        """Delete a session."""
        return await self._told(ops.DELETE_SESSION, _named(timestamp))

    async def check(self, kinds: Sequence[str], limit: int, wait: float) -> Json:
        """What is not acknowledged."""
        query = {"type": kinds, "limit": limit, "wait": wait}
        return await self._told(ops.CHECK_NOTIFICATIONS, query=query)

    async def acknowledge(self, notification_id: str) -> Json:
        """Acknowledge it."""
        return await self._told(ops.ACKNOWLEDGE, {"notification_id": notification_id})


def _named(timestamp: str) -> dict[str, str]:
    return {"session_timestamp": timestamp}
