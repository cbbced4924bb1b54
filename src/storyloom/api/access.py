"""Letting requests in: the gate before all routes, and the answers of those who are turned away."""

from math import ceil
from typing import Any

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.access.callers import STATE
from storyloom.access.cookies import (
    HAS_SESSION,
    KEY_COOKIE,
    PAGE_HEADER,
    PageSession,
    SetCookie,
    is_of_page,
)
from storyloom.access.errors import TooManyRequests
from storyloom.access.gate import Admission, Asked, Gate, is_open
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
_PAGE_HEADER = PAGE_HEADER.encode()
# What a browser keeps of one session or organisation is none of the next one's.
_VARY = (b"vary", b"Cookie, X-Org-ID")
_WHO = frozenset(
    {b"authorization", b"x-org-id", b"host", b"origin", b"cookie", b"sec-fetch-site", _PAGE_HEADER}
)


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
        if scope["type"] == "http" and not is_open(scope["path"]):
            send = _varying(send)
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
    told = _Told(scope)
    authorization, labels = told.all(b"authorization"), told.all(b"x-org-id")
    host, origin = told.last(b"host"), told.last(b"origin")
    is_socket = scope["type"] == "websocket"
    if is_socket:
        offered: list[str] = scope.get("subprotocols", [])
        authorization += [
            f"Bearer {name[len(_KEY) :]}" for name in offered if name.startswith(_KEY)
        ]
    cookies = told.all(b"cookie")
    if cookies and not authorization:
        method = None if is_socket else scope["method"]
        site, has_header = told.last(b"sec-fetch-site"), told.last(_PAGE_HEADER) is not None
        if is_of_page(method, origin, host, site=site, has_header=has_header):
            _take_session(PageSession.of(cookies), scope, authorization, labels)
    client = scope.get("client")
    address = None if client is None else client[0]
    origins: Origins = scope["state"].get("origins") or Origins()
    is_strange = origin is not None and not origins.welcome(origin, host)
    return Asked(scope["path"], authorization, labels, address, host, is_strange)


class _Told:
    """The headers that say who calls; the others are passed over."""

    __slots__ = ("_found",)

    def __init__(self, scope: Scope) -> None:
        self._found: dict[bytes, list[str]] = {}
        for name, value in scope["headers"]:
            if name in _WHO:
                self._found.setdefault(name, []).append(value.decode("latin-1"))

    def all(self, name: bytes) -> list[str]:
        return self._found.get(name, [])

    def last(self, name: bytes) -> str | None:
        found = self._found.get(name)
        return found[-1] if found else None


def _take_session(
    session: PageSession, scope: Scope, authorization: list[str], labels: list[str]
) -> None:
    """Let the cookies of a page stand for the headers that its pictures and streams cannot send."""
    if session.key is not None:
        authorization.append(f"Bearer {session.key}")
        scope["state"][HAS_SESSION] = True
    if session.org_id is not None and not labels:
        labels.append(session.org_id)
        scope["headers"] = [*scope["headers"], (b"x-org-id", session.org_id.encode("latin-1"))]


def _varying(send: Send) -> Send:
    async def told(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", ()), _VARY]}
        await send(message)

    return told


async def _turn_away(fault: StoryloomError, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket" and _ANSWERED not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": fault.message})
        return
    headers = {"Cache-Control": "no-store"}
    if isinstance(fault, NotAuthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="storyloom"'
        if scope["state"].get(HAS_SESSION):
            # The key has ended: the page asks for another one.
            headers["Set-Cookie"] = SetCookie(KEY_COOKIE, "", secure=False).header()
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
