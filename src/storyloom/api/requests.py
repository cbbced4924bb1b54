"""What is known of every request: its id, how long it took, and a line in the log.

Polls are most of the requests, and cost a server some hundred microseconds each; what is done here
for a request takes a few.
"""

import logging
import os
import re
from itertools import count
from time import perf_counter
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.api.logged import REQUEST_ID, in_ms, route_of
from storyloom.api.websockets import attended
from storyloom.jobs.ports import SpanKind, Tracer
from storyloom.kit.known import known

# What machines ask all day long is told only to those who want to see everything.
_HEALTH = frozenset({"/healthz", "/livez", "/readyz", "/version", "/metrics"})
QUIET_ROUTES = _HEALTH | {"/storyboard/jobs/{job_id}"}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_READABLE = re.compile(rb"[!-~]{1,128}")
_BAD_REQUEST = 400
_INTERNAL = 500
log = logging.getLogger(__name__)


class Requests:
    """ASGI middleware: takes the caller's `X-Request-Id` or makes one, and echoes it.

    An id of a caller that is too long or not printable is replaced: it goes into logs and headers.
    The figures are found in the state of the app, and so is the tracer, where there is one.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app
        self._prefix = os.urandom(6).hex()
        self._numbers = count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and watch its answer begin."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        state: dict[str, Any] = scope.get("state") or {}
        request_id = self._id_of(scope)
        # Set for good: each request is a task of its own.
        known.set({"request_id": request_id.decode()})
        if scope["type"] == "websocket":
            await attended(self._app, scope, receive, send, request_id=request_id)
            return
        answering = _Answer(send, request_id)
        started = perf_counter()
        try:
            if "tracer" not in state or scope["path"] in _HEALTH:
                await self._app(scope, receive, answering.send)
            else:
                await self._traced(state["tracer"], scope, receive, answering)
        finally:
            _note(scope, answering.status, perf_counter() - started, state.get("metrics"))

    async def _traced(
        self, tracer: Tracer, scope: Scope, receive: Receive, answering: "_Answer"
    ) -> None:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        method = _method(scope)
        with tracer.span(method, SpanKind.REQUEST, headers) as span:
            try:
                await self._app(scope, receive, answering.send)
            finally:
                route = route_of(scope)
                span.tell(
                    f"{method} {route}",
                    method=method,
                    route=route,
                    status=answering.status,
                    request_id=answering.request_id.decode(),
                )

    def _id_of(self, scope: Scope) -> bytes:
        for name, value in scope["headers"]:
            if name == REQUEST_ID and _READABLE.fullmatch(value):
                return value
        return f"{self._prefix}-{next(self._numbers):x}".encode()


def echoed_id() -> dict[str, str]:
    """The header that names the current request, for an answer that no middleware sees."""
    request_id = known.get().get("request_id")
    return {} if request_id is None else {REQUEST_ID.decode(): request_id}


class _Answer:
    """Passes the answer on, with the request's id in its head."""

    __slots__ = ("_send", "request_id", "status")

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send = send
        self.request_id = request_id
        self.status = _INTERNAL  # what a client sees of a request that ended without an answer

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            # A new list: the old one may belong to an answer that is kept and sent again.
            message = {
                **message,
                "headers": [*message.get("headers", ()), (REQUEST_ID, self.request_id)],
            }
        await self._send(message)


def _note(scope: Scope, status: int, seconds: float, metrics: Any) -> None:
    method, route = _method(scope), route_of(scope)
    if metrics is not None:
        metrics.requests.add((method, route, str(status)), seconds)
    level = logging.DEBUG if route in QUIET_ROUTES and status < _BAD_REQUEST else logging.INFO
    if log.isEnabledFor(level):
        told = {"method": method, "route": route, "status": status}
        log.log(level, "%s %s", method, route, extra=told | {"duration_ms": in_ms(seconds)})


def _method(scope: Scope) -> str:
    """One of a few: whatever else a stranger sends would be a series of its own."""
    return scope["method"] if scope["method"] in _METHODS else "other"
