"""Sessions and notifications of a running server, over HTTP."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from storyloom.cli.server import Server
from storyloom.cli.story_routes import Json

_SESSION = "/api/v1/session"
_NOTIFICATIONS = "/api/v1/notifications"
_JSON = {"Content-Type": "application/json"}


class RemoteStory:
    """Asks the routes."""

    def __init__(self, server: Server) -> None:
        """Take an open server."""
        self._server = server

    async def sessions(self, limit: int, before: int | None) -> Json:
        """The newest sessions."""
        params = {"limit": limit} | ({} if before is None else {"before": before})
        return await self._server.told("GET", f"{_SESSION}/list", params=params)

    async def session(self, timestamp: str) -> tuple[Json, Json]:
        """A session, and whether its prompts are ready."""
        path = _at(timestamp)
        status = await self._server.told("GET", f"{path}/prompts-status")
        return await self._server.told("GET", path), status

    async def save(self, raw: bytes) -> Json:
        """Save a session."""
        return await self._send(f"{_SESSION}/save", raw)

    async def add_prompts(self, timestamp: str, raw: bytes) -> Json:
        """Add prompts."""
        return await self._send(f"{_at(timestamp)}/prompts", raw)

    async def delete(self, timestamp: str) -> Json:
        """Delete a session."""
        return await self._server.told("DELETE", _at(timestamp))

    async def check(self, kinds: Sequence[str], limit: int, wait: float) -> Json:
        """What is not acknowledged."""
        params: Any = {"type": list(kinds), "limit": limit, "wait": wait}
        return await self._server.told("GET", f"{_NOTIFICATIONS}/check", params=params)

    async def acknowledge(self, notification_id: str) -> Json:
        """Acknowledge it."""
        path = f"{_NOTIFICATIONS}/{quote(notification_id, safe='')}/ack"
        return await self._server.told("POST", path)

    async def _send(self, path: str, raw: bytes) -> Json:
        return await self._server.told("POST", path, content=raw, headers=_JSON)


def _at(timestamp: str) -> str:
    return f"{_SESSION}/{quote(timestamp, safe='')}"
