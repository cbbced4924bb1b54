"""A limit on request bodies, enforced before they are in memory.

Starlette has one too; it answers in plain text and does not say what the limit is.
"""

from fastapi import HTTPException
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.api.problems import HTTP_CODES, is_beyond, problem_of_status

TOO_LARGE = 413
TOO_LARGE_CODE = HTTP_CODES[TOO_LARGE]
KIB = 1024
MIB = 1024 * KIB
DEFAULT_LIMIT = 64 * KIB
# JSON may write a character as six bytes, and base64 three bytes as four, with line breaks.
LIMITS = {
    "/storyboard/code": 2 * MIB,
    "/storyboard/roadmap": 16 * MIB,
    "/api/v1/session/save": 32 * MIB,
    "/v1/jobs": 16 * MIB,
    # Both take scripts: a feature film has 200 KB, and a series more.
    "/api/v1/automation/runs": 16 * MIB,
    "/api/v1/automation/runs/preflight": 16 * MIB,
}
_SESSION = "/api/v1/session/"
_PROMPTS = "/prompts"
_PRESETS = "/v1/presets/"
_LOGO = "/logo"
_MOST_LOGO = 2 * MIB


class BodyTooLarge(HTTPException):
    """A body went over its limit while it was read."""


class BodyLimit:
    """ASGI middleware: a body over its route's limit gets a 413.

    A body that announces its size is refused unread; one that does not is refused at the byte that
    is too many.
    """

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = _limit_of(scope["path"])
        if _announced(scope) > limit:
            await _refusal(_sentence(limit), scope["path"])(scope, receive, send)
            return
        try:
            await self._app(scope, _counted(receive, limit), send)
        except BodyTooLarge as fault:  # where the body was read before the routes
            await _refusal(fault.detail, scope["path"])(scope, receive, send)


def _refusal(sentence: str, path: str) -> JSONResponse:
    if is_beyond(path):
        return problem_of_status(TOO_LARGE, sentence, path)
    return JSONResponse({"detail": sentence, "code": TOO_LARGE_CODE}, TOO_LARGE)


def _limit_of(path: str) -> int:
    if path.startswith(_SESSION) and path.endswith(_PROMPTS):
        return LIMITS["/api/v1/session/save"]
    if path.startswith(_PRESETS) and path.endswith(_LOGO):
        return _MOST_LOGO
    return LIMITS.get(path, DEFAULT_LIMIT)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise BodyTooLarge(TOO_LARGE, _sentence(limit))
        return message

    return counted


def _sentence(limit: int) -> str:
    size = f"{limit // MIB} MiB" if limit >= MIB else f"{limit // KIB} KiB"
    return f"The request body is too large; this route takes at most {size}"
