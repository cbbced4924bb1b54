"""`Idempotency-Key`: a POST that is sent again is answered again, and done once.

As draft-ietf-httpapi-idempotency-key-header has it. A request without the header costs nothing.
"""

import re
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.access.callers import org_before_routes
from storyloom.api.admission import DETAIL, also_answers
from storyloom.api.errors import answer_to
from storyloom.errors import InvalidInput, StoryloomError
from storyloom.idempotency.errors import IdempotencyInFlight
from storyloom.idempotency.schemas import (
    KEY_LENGTH,
    KEY_PATTERN,
    KeptAnswer,
    KeyedRequest,
)
from storyloom.idempotency.state import MAX_ANSWER_BYTES, IdempotencyKeys, keyed
from storyloom.kit.ids import promising

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
STATE = "idempotency"  #: where the request's state has the keys
_NAME = HEADER.lower().encode()
_READABLE = re.compile(KEY_PATTERN)
_FORM = b"multipart/form-data"
_BOUNDARY = re.compile(rb';\s*boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE)
_AGAIN_IN_S = "1"
# An answer that may not be stored on its way is not stored here either.
_SECRET = "no-store"  # noqa: S105 - a word of HTTP


class Idempotency:
    """ASGI middleware: answers a POST with a key as it was answered before."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and keep its answer; or answer it from what is kept."""
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        keys = [value for name, value in scope["headers"] if name == _NAME]
        if not keys:
            await self._app(scope, receive, send)
            return
        try:
            key = _read(keys)
            body = await _body(receive)
            if body is not None:
                await self._once(_request(scope, key, body), body, (scope, receive, send))
        except StoryloomError as fault:
            response = answer_to(fault, scope["path"])
            if isinstance(fault, IdempotencyInFlight):
                response.headers["Retry-After"] = _AGAIN_IN_S
            await response(scope, receive, send)

    async def _once(
        self, request: KeyedRequest, body: bytes, asgi: tuple[Scope, Receive, Send]
    ) -> None:
        scope, receive, send = asgi
        keys: IdempotencyKeys = scope["state"][STATE]
        claim = await keys.begin(request)
        if isinstance(claim, KeptAnswer):
            await _again(claim)(scope, receive, send)
            return
        answering = _Answer(send)
        try:
            with promising(claim.job_id):
                await self._app(scope, _given(body, receive), answering.send)
        except BaseException:
            await keys.end(claim, None)
            raise
        await keys.end(claim, answering.kept)
        await answering.finish()


def _read(keys: list[bytes]) -> str:
    key = keys[0].decode("latin-1")
    if len(keys) > 1 or len(key) > KEY_LENGTH or not _READABLE.fullmatch(key):
        raise InvalidInput(
            f"It has to come once, with 1 to {KEY_LENGTH} printable ASCII characters",
            loc=("header", HEADER),
            kind="idempotency_key",
        )
    return key


async def _body(receive: Receive) -> bytes | None:
    """The whole body, within the route's limit; None when the client has gone."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _request(scope: Scope, key: str, body: bytes) -> KeyedRequest:
    headers = dict(reversed(scope["headers"]))  # of several, the first counts
    route = (scope["method"], scope["path"])
    whole = sha256("\n".join(route).encode())
    sent = _sent(headers.get(b"content-type", b""), body)
    # Left out where it is not there: keys that are kept by now are of requests without it.
    expects = [b"if-match: " + headers[b"if-match"]] if b"if-match" in headers else []
    for part in (scope["query_string"], headers.get(b"x-priority", b""), *sent, *expects):
        whole.update(b"\n%d\n" % len(part))
        whole.update(part)
    return keyed(org_before_routes(scope), route, key, whole.hexdigest())


def _sent(kind: bytes, body: bytes) -> Sequence[bytes]:
    """The content type and the body, without the boundary that a client makes up for each form."""
    boundary = _BOUNDARY.search(kind)
    if boundary is None or not kind.lower().startswith(_FORM):
        return kind, body
    delimiter = b"--" + (boundary[1] or boundary[2])
    return _BOUNDARY.sub(b"", kind), *body.split(delimiter)


def _given(body: bytes, receive: Receive) -> Receive:
    """What the app receives: the body that was read, and then whatever comes."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def given() -> Message:
        return first.pop() if first else await receive()

    return given


def _again(answer: KeptAnswer) -> Response:
    response = Response(answer.body, answer.status)
    response.raw_headers = [(k.encode("latin-1"), v.encode("latin-1")) for k, v in answer.headers]
    response.headers[REPLAYED] = "true"
    return response


class _Answer:
    """Holds an answer back until it is kept; one that is too long is passed on as it comes."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[Message] = []
        self._status = 0
        self._headers: tuple[tuple[str, str], ...] = ()
        self._size = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._headers = tuple(
                (k.decode("latin-1"), v.decode("latin-1")) for k, v in message["headers"]
            )
        self._held.append(message)
        self._size += len(message.get("body", b""))
        if self._size > MAX_ANSWER_BYTES:
            await self.finish()

    async def finish(self) -> None:
        """Pass on what was held back."""
        held, self._held = self._held, []
        for message in held:
            await self._send(message)

    @property
    def kept(self) -> KeptAnswer:
        """What is to be kept, once all of it was sent here."""
        is_secret = any(k == "cache-control" and _SECRET in v for k, v in self._headers)
        if is_secret or self._size > MAX_ANSWER_BYTES:
            return KeptAnswer(self._status, (), None)
        body = b"".join(message.get("body", b"") for message in self._held)
        return KeptAnswer(self._status, self._headers, body)


_PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Any text of your own. The same request with the same key is done once, and "
    f"answered as the first time, with `{REPLAYED}: true`, for a day",
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": KEY_LENGTH,
        "pattern": KEY_PATTERN,
    },
}
_FIELDS = {"$ref": "#/components/schemas/HTTPValidationError"}
_ANSWERS: dict[str, tuple[str, dict[str, Any]]] = {
    "409": ("The first request with this key is not answered yet, or not kept", DETAIL),
    "422": (
        "The key was used for another request, or is none",
        {"anyOf": [DETAIL, _FIELDS]},
    ),
    "503": ("Where keys are kept is away for now", DETAIL),
}


def document_idempotency(schema: dict[str, Any]) -> None:
    """Name the header, and what comes of it, in every POST of an OpenAPI document."""
    for operations in schema["paths"].values():
        operation = operations.get("post")
        if operation is not None:
            operation.setdefault("parameters", []).append(_PARAMETER)
            for status, (says, body) in _ANSWERS.items():
                also_answers(operation["responses"], status, says, body)
