"""What is known of every WebSocket: its id, a line in the log at either end, and figures.

A handshake that is refused is counted and told as any other GET.
"""

import logging
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.api.logged import REQUEST_ID, in_ms, route_of

_SWITCHED = 101
# What a server answers by itself when a handshake is closed without a word, or the app breaks.
_CLOSED, _INTERNAL = 403, 500
# The same after the handshake (RFC 6455).
_DONE, _BROKEN = 1000, 1011
_GET = "GET"
log = logging.getLogger(__name__)


async def attended(
    app: ASGIApp, scope: Scope, receive: Receive, send: Send, *, request_id: bytes
) -> None:
    """Pass a WebSocket on, and watch it until it is closed."""
    watched = _Watched(scope, receive, send, request_id)
    try:
        await app(scope, watched.receive, watched.send)
    finally:
        watched.end()


class _Watched:
    """Passes messages on, and reads from them what becomes of the WebSocket."""

    __slots__ = ("_code", "_id", "_metrics", "_receive", "_scope", "_send", "_started", "_status")

    def __init__(self, scope: Scope, receive: Receive, send: Send, request_id: bytes) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._id = request_id
        state: dict[str, Any] = scope.get("state") or {}
        self._metrics = state.get("metrics")
        self._status: int | None = None  # of its handshake
        self._code: int | None = None  # of whoever closed it first
        self._started = perf_counter()

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self._close(message.get("code", _DONE))
        return message

    async def send(self, message: Message) -> None:
        kind = message["type"]
        if kind in {"websocket.accept", "websocket.http.response.start"}:
            self._status = message.get("status", _SWITCHED)
            message = {
                **message,
                "headers": [*message.get("headers", ()), (REQUEST_ID, self._id)],
            }
        elif kind == "websocket.close":
            self._status = self._status or _CLOSED
            self._close(message.get("code", _DONE))
        await self._send(message)
        if kind == "websocket.accept":
            self._open()

    def end(self) -> None:
        """Tell how long it was open and why it is not any more, or that it was refused."""
        seconds, route = perf_counter() - self._started, route_of(self._scope)
        status = self._status or _INTERNAL
        if status == _SWITCHED:
            code = self._code or _BROKEN
            if self._metrics is not None:
                self._metrics.sockets.close(route, code, seconds)
            told = {"code": code}
        else:
            if self._metrics is not None:
                self._metrics.requests.add((_GET, route, str(status)), seconds)
            told = {"method": _GET, "status": status}
        said = "closed" if status == _SWITCHED else "refused"
        more = {"route": route, "duration_ms": in_ms(seconds)}
        log.info("WebSocket %s: %s", said, route, extra=told | more)

    def _open(self) -> None:
        route = route_of(self._scope)
        if self._metrics is not None:
            self._metrics.sockets.open(route)
        log.info("WebSocket opened: %s", route, extra={"route": route, "status": _SWITCHED})

    def _close(self, code: int) -> None:
        self._code = self._code or code
