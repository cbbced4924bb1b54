"""Answers that are held until a job has ended: `?wait=n` of a poll, and `Prefer: wait=n` of a POST.

As RFC 7240 has it. A request that asks for neither costs nothing, nor does the short way of polls:
what is held back here asks it again when the job has ended.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storyloom.access.callers import org_before_routes
from storyloom.api.ends import Ends
from storyloom.api.errors import answer_to
from storyloom.errors import InvalidInput
from storyloom.kit.leaving import unless_gone

LONGEST_S = 60
STATE = "ends"  #: where the request's state has them
PREFER, APPLIED = "Prefer", "Preference-Applied"
#: The addresses that tell of one job; all tell by `Retry-After` that it has not ended.
POLLED = ("/storyboard/jobs", "/api/v1/automation/runs", "/v1/jobs")
_POLLED = re.compile(rf"(?:{'|'.join(POLLED)})/([0-9A-Fa-f-]{{36}})")
_WAIT = "wait"
_ASYNC = "respond-async"
_NUMBER = re.compile(r"[0-9]{1,9}")
_OK, _ACCEPTED = 200, 202
_ANSWERED = frozenset({_OK, 304})
#: Of the answer to the POST, what is true of the finished job as well.
_KEPT = frozenset({b"location", b"idempotency-replayed"})
Headers = Sequence[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Headers
    body: bytes

    @classmethod
    def of(cls, told: Sequence[Message]) -> Self:
        start, *parts = told
        body = b"".join(part.get("body", b"") for part in parts)
        return cls(start["status"], start["headers"], body)

    @property
    def is_over(self) -> bool:
        return self.status not in _ANSWERED or not self.header(b"retry-after")

    def header(self, wanted: bytes) -> bytes:
        return next((value for name, value in self.headers if name.lower() == wanted), b"")

    async def send(self, send: Send, *more: tuple[bytes, bytes]) -> None:
        headers = [*self.headers, *more]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": self.body})


class Waiting:
    """ASGI middleware: holds an answer back for as long as its caller wants."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and wait where that is asked for."""
        method = scope["method"] if scope["type"] == "http" else ""
        if method == "POST" and (preferred := _preferred(scope["headers"])):
            await self._post(preferred, scope, (receive, send))
        elif method == "GET" and b"wait=" in scope["query_string"]:
            await self._get(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _get(self, scope: Scope, receive: Receive, send: Send) -> None:
        polled = _POLLED.fullmatch(scope["path"])
        if polled is None:
            await self._app(scope, receive, send)
            return
        try:
            within_s = _wait_of(scope["query_string"])
        except InvalidInput as fault:
            await answer_to(fault, scope["path"])(scope, receive, send)
            return
        asked = {**scope, "query_string": b""}
        answer = await self._held(asked, polled[1], within_s, receive)
        if "route" in asked:
            scope["route"] = asked["route"]
        await answer.send(send)

    async def _post(
        self, preferred: dict[str, int | None], scope: Scope, asgi: tuple[Receive, Send]
    ) -> None:
        receive, send = asgi
        told = await self._told(scope, receive)
        if not told:  # its client left while it sent the body
            return
        accepted = _Answer.of(told)
        polled = _POLLED.fullmatch(accepted.header(b"location").decode("latin-1"))
        if accepted.status != _ACCEPTED or polled is None:
            await accepted.send(send)
            return
        applied = (APPLIED.lower().encode(), _written(preferred).encode())
        within_s = preferred.get(_WAIT) or 0
        if within_s:
            # Who it is, is known by now; what else was said is said of the POST.
            label = [pair for pair in scope["headers"] if pair[0] == b"x-org-id"]
            path = {"path": polled[0], "raw_path": polled[0].encode(), "query_string": b""}
            asked = {**scope, **path, "method": "GET", "headers": label}
            answer = await self._held(asked, polled[1], within_s, receive)
            if answer.status == _OK and answer.is_over:
                kept = [pair for pair in accepted.headers if pair[0].lower() in _KEPT]
                await answer.send(send, *kept, applied)
                return
        await accepted.send(send, applied)

    async def _held(self, scope: Scope, job_id: str, within_s: int, receive: Receive) -> _Answer:
        async def look() -> _Answer:
            return _Answer.of(await self._told(scope, _nothing))

        org_id = org_before_routes(scope)

        async def wait() -> _Answer:
            return await _ends(scope).awaited(job_id.lower(), within_s, look, org_id=org_id)

        return await unless_gone(receive, wait) or await look()

    async def _told(self, scope: Scope, receive: Receive) -> Sequence[Message]:
        messages: list[Message] = []

        async def keep(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, keep)
        return messages


def _ends(scope: Scope) -> Ends:
    return scope["state"][STATE]


async def _nothing() -> Message:
    """A request without a body."""
    return {"type": "http.request", "body": b"", "more_body": False}


def _preferred(headers: Headers) -> dict[str, int | None]:
    """Those preferences of the caller that are known here; others are passed over."""
    found: dict[str, int | None] = {}
    for name, value in headers:
        if name != b"prefer":
            continue
        for one in value.decode("latin-1").split(","):
            word, _, given = one.partition(";")[0].partition("=")
            word, given = word.strip().lower(), given.strip().strip('"')
            if word == _ASYNC:
                found.setdefault(_ASYNC, None)
            elif word == _WAIT and _NUMBER.fullmatch(given):
                found.setdefault(_WAIT, min(int(given), LONGEST_S))
    return found


def _written(preferred: dict[str, int | None]) -> str:
    return ", ".join(word if n is None else f"{word}={n}" for word, n in preferred.items())


def _wait_of(query: bytes) -> int:
    values = [
        v for k, v in parse_qsl(query.decode("latin-1"), keep_blank_values=True) if k == _WAIT
    ]
    given = values[0] if values else "0"
    if not _NUMBER.fullmatch(given) or int(given) > LONGEST_S:
        raise InvalidInput(
            f"It has to be a number of whole seconds, at most {LONGEST_S}",
            loc=("query", _WAIT),
            kind="wait",
        )
    return int(given)


_WAITED: dict[str, Any] = {
    "name": _WAIT,
    "in": "query",
    "required": False,
    "description": "Answer when the job has ended, or after so many seconds",
    "schema": {"type": "integer", "minimum": 0, "maximum": LONGEST_S, "default": 0},
}
_PREFERRED: dict[str, Any] = {
    "name": PREFER,
    "in": "header",
    "required": False,
    "description": f"`wait=n` to be answered when the job has ended, if that is within n seconds (at "
    f"most {LONGEST_S}); `respond-async` not to wait. `{APPLIED}` tells what was heeded",
    "schema": {"type": "string"},
}


def document_waiting(schema: dict[str, Any]) -> None:
    """Name the parameters, and what comes of them, in an OpenAPI document."""
    polls = {path: one["get"] for path, one in schema["paths"].items() if _tells_of_a_job(path)}
    for operation in polls.values():
        operation.setdefault("parameters", []).append(_WAITED)
    for path, operations in schema["paths"].items():
        operation = operations.get("post", {})
        if "Location" in operation.get("responses", {}).get("202", {}).get("headers", {}):
            operation.setdefault("parameters", []).append(_PREFERRED)
            (poll,) = [p for at, p in polls.items() if at.split("/")[1] == path.split("/")[1]]
            content = poll["responses"]["200"]["content"]
            described = {"description": "It has ended, in the time of `Prefer`", "content": content}
            operation["responses"].setdefault("200", described)


def _tells_of_a_job(path: str) -> bool:
    return path.rpartition("/")[0] in POLLED and path.endswith("_id}")
