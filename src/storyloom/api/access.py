"""Letting requests in: the gate before all routes, and the answers of those who are turned away."""

from math import ceil
from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from storyloom.access.callers import STATE
from storyloom.access.errors import TooManyRequests
from storyloom.access.gate import Admission, Asked, Gate
from storyloom.api.cors import Origins
from storyloom.api.limited import telling
from storyloom.api.problems import is_beyond, problem_of_fault
from storyloom.errors import NotAllowed, NotAuthenticated, StoryloomError, Unavailable

STRANGE_PAGE = "Pages of this origin may not call: name it in STORYLOOM_CORS_ORIGINS"
# The routes whose document has bodies of its own.
_STORIES = "/api/v1/"
_POLICY_VIOLATION = 1008
# Where a server has this extension, a refused WebSocket is answered like any other request.
_ANSWERED = "websocket.http.response"
# Browsers cannot send `Authorization` with a WebSocket; the key goes among the protocols instead.
_KEY = "bearer."


class Access:
    """ASGI middleware: nothing of a request is read before its caller is known.

    The gate is found in the state of the app; where there is none, nobody is let in.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with its caller, or answer why not."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        gate: Gate = scope["state"]["gate"]
        try:
            admission = await _admitted(gate, scope)
        except (NotAuthenticated, NotAllowed, Unavailable) as fault:
            await _turn_away(fault, scope, receive, send)
            return
        scope["state"][STATE] = admission.caller
        if admission.standing is not None:
            send = telling(send, scope, admission.standing)
        await self._app(scope, receive, send)


async def _admitted(gate: Gate, scope: Scope) -> Admission:
    asked = _asked(scope)
    if asked.is_strange and scope["type"] == "websocket":
        # What else we answer cannot be read by such a page, but this browsers would let it read.
        raise NotAllowed(STRANGE_PAGE)
    return await gate.admit(asked)


def _asked(scope: Scope) -> Asked:
    authorization: list[str] = []
    labels: list[str] = []
    host = origin = None
    if scope["type"] == "websocket":
        offered: list[str] = scope.get("subprotocols", [])
        authorization += [
            f"Bearer {name[len(_KEY) :]}" for name in offered if name.startswith(_KEY)
        ]
    for name, value in scope["headers"]:
        if name == b"authorization":
            authorization.append(value.decode("latin-1"))
        elif name == b"x-org-id":
            labels.append(value.decode("latin-1"))
        elif name == b"host":
            host = value.decode("latin-1")
        elif name == b"origin":
            origin = value.decode("latin-1")
    client = scope.get("client")
    address = None if client is None else client[0]
    origins: Origins = scope["state"].get("origins") or Origins()
    is_strange = origin is not None and not origins.welcome(origin, host)
    return Asked(scope["path"], authorization, labels, address, host, is_strange)


async def _turn_away(fault: StoryloomError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket" and _ANSWERED not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": fault.message})
        return
    headers = {"Cache-Control": "no-store"}
    if isinstance(fault, NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="storyloom"'
    if isinstance(fault, Unavailable):
        headers["Retry-After"] = str(ceil(fault.retry_after_s or 5))
    if isinstance(fault, TooManyRequests):
        send = telling(send, scope, fault.standing)
    await _answer(fault, scope["path"], headers)(scope, receive, send)


def is_of_stories(path: str) -> bool:
    """Whether the clients of this path know errors as `{"success": false, "error": …}`."""
    return path.startswith(_STORIES)


def _answer(fault: StoryloomError, path: str, headers: dict[str, str]) -> JSONResponse:
    if is_beyond(path):
        return problem_of_fault(fault, path, headers)
    body: dict[str, Any] = {"detail": fault.message, "code": fault.code}
    if is_of_stories(path):
        body = {"success": False, "error": fault.message}
    return JSONResponse(body, fault.http_status, headers)
