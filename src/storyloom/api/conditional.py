"""`ETag` and 304 for every answer that may be asked for again and again and has no tag of its own."""

from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.kit.tagged import is_known, tag_of

#: Below these are answers that change, as JSON; others are health, figures and pages.
TAGGED = ("/api/v1/", "/storyboard/", "/v1/")
#: The short way of polls and pictures makes its own tags, and is to stay short.
_SHORT = "/storyboard/jobs/"
_OK, _NOT_MODIFIED = 200, 304
_JSON = b"application/json"


class Conditional:
    """ASGI middleware: tags JSON that is sent in one piece, and leaves everything else as it is."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer unless the client has it."""
        if (
            scope["type"] == "http"
            and scope["method"] == "GET"
            and scope["path"].startswith(TAGGED)
            and not scope["path"].startswith(_SHORT)
        ):
            send = _Tagging(scope, receive, send).send
        await self._app(scope, receive, send)


class _Tagging:
    """Holds the head of an answer back until its body is there."""

    __slots__ = ("_asgi", "_head")

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._asgi = scope, receive, send
        self._head: Message | None = None

    async def send(self, message: Message) -> None:
        scope, receive, send = self._asgi
        if message["type"] == "http.response.start" and _is_to_be_tagged(message):
            self._head = message
            return
        head, self._head = self._head, None
        if head is None or message.get("more_body", False):
            for one in (message,) if head is None else (head, message):
                await send(one)
            return
        body: bytes = message.get("body", b"")
        tag = tag_of(body)
        known = next((v for k, v in scope["headers"] if k == b"if-none-match"), None)
        response = Response(body)
        response.raw_headers = [*head["headers"], (b"etag", tag.encode())]
        response.headers.setdefault("Cache-Control", "no-cache")
        if is_known(tag, None if known is None else known.decode("latin-1")):
            response.status_code, response.body = _NOT_MODIFIED, b""
            del response.headers["Content-Length"], response.headers["Content-Type"]
        await response(scope, receive, send)


def _is_to_be_tagged(head: Message) -> bool:
    """A whole answer in JSON has a length, unlike a stream; a tag of its own is better than ours."""
    headers: dict[bytes, bytes] = dict(head["headers"])
    return (
        head["status"] == _OK
        and b"etag" not in headers
        and b"content-length" in headers
        and headers.get(b"content-type", b"") == _JSON
        and b"no-store" not in headers.get(b"cache-control", b"")
    )


_TAG: dict[str, Any] = {
    "description": "Changes when the answer does; send it back as `If-None-Match`",
    "schema": {"type": "string"},
}
_KNOWN: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of an earlier answer",
    "schema": {"type": "string"},
}


def document_tags(schema: dict[str, Any]) -> None:
    """Name the tags, and what comes of them, in an OpenAPI document."""
    for path, operations in schema["paths"].items():
        operation = operations.get("get")
        if operation is None or not path.startswith(TAGGED):
            continue
        responses = operation["responses"]
        found = responses["200"]
        if _JSON.decode() in found.get("content", {}) and "304" not in responses:
            found.setdefault("headers", {})["ETag"] = _TAG
            responses["304"] = {"description": "Not changed since the `ETag` that was sent"}
            operation.setdefault("parameters", []).append(_KNOWN)
