"""Errors as answers: one place for all routes."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import (
    RequestValidationError,
    ValidationException,
    WebSocketRequestValidationError,
)
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.routing import Match

from storyloom.api.bodies import TOO_LARGE, TOO_LARGE_CODE
from storyloom.api.limited import standing_of
from storyloom.api.problems import (
    is_beyond,
    problem_of_fault,
    problem_of_fields,
    problem_of_status,
)
from storyloom.api.requests import echoed_id
from storyloom.errors import InvalidInput, NotFound, StoryloomError, Unavailable
from storyloom.kit.sentences import sentence_of

_BAD_REQUEST = 400
_NOT_ALLOWED = 405
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
log = logging.getLogger(__name__)


def render_errors(app: FastAPI) -> None:
    """Let the app answer every error in the documented shapes."""
    app.add_exception_handler(StoryloomError, _storyloom)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(WebSocketRequestValidationError, _validation_of_socket)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


async def _storyloom(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, StoryloomError)  # noqa: S101 - FastAPI's handlers are not generic
    return answer_to(fault, request.scope["path"])


def answer_to(fault: StoryloomError, path: str) -> JSONResponse:
    """An error of ours, in the shape that the clients of the path know."""
    headers: dict[str, str] = {}
    if isinstance(fault, Unavailable):
        headers["Retry-After"] = f"{fault.retry_after_s or 5:.0f}"
    if is_beyond(path):
        return problem_of_fault(fault, path, headers)
    if isinstance(fault, InvalidInput) and fault.loc:
        field = {"loc": list(fault.loc), "msg": fault.message, "type": fault.kind}
        return _fields([field], path)
    body = {"detail": fault.message}
    if not isinstance(fault, NotFound):  # the documented body of a 404 has nothing else
        body["code"] = fault.code
    return JSONResponse(body, fault.http_status, headers)


async def _validation(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, RequestValidationError)  # noqa: S101 - as above
    # The documented shape. FastAPI's own adds the whole input, which may be megabytes.
    errors = _said(fault)
    if errors[0]["loc"] == ["body"] and "json" not in request.headers.get("content-type", "json"):
        errors[0]["msg"] = "The body is not read as JSON: send Content-Type: application/json"
    return _fields(errors, request.scope["path"])


async def _validation_of_socket(socket: HTTPConnection, fault: Exception) -> JSONResponse:
    assert isinstance(fault, WebSocketRequestValidationError)  # noqa: S101 - as above
    return _fields(_said(fault), socket.scope["path"])


def _said(fault: ValidationException) -> list[dict[str, Any]]:
    return [
        {"loc": list(e["loc"]), "msg": sentence_of(e), "type": e["type"]} for e in fault.errors()
    ]


async def _http(request: Request, fault: Exception) -> JSONResponse:
    assert isinstance(fault, HTTPException)  # noqa: S101 - as above
    if fault.status_code == _BAD_REQUEST and fault.__cause__ is not None:
        # FastAPI's 400 for a body that cannot be parsed at all: not UTF-8, or nested too deeply.
        unread = {"loc": ["body"], "msg": "The body is not JSON", "type": "json_invalid"}
        return _fields([unread], request.scope["path"])
    headers = dict(fault.headers or {})
    if fault.status_code == _NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    if is_beyond(request.scope["path"]):
        path = request.scope["path"]
        return problem_of_status(fault.status_code, fault.detail, path, headers)
    body = {"detail": fault.detail}
    if fault.status_code == TOO_LARGE:
        body["code"] = TOO_LARGE_CODE
    return JSONResponse(body, fault.status_code, headers)


def _methods(request: Request) -> Sequence[str]:
    """The methods that some route takes at this path: each by itself knows only its own."""
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _unexpected(request: Request, fault: Exception) -> JSONResponse:
    log.error("request failed: %s %s", request.method, request.url.path, exc_info=fault)
    base = StoryloomError()
    # Starlette sends this one around all middleware, so what they add is set here.
    headers = echoed_id() | standing_of(request.scope)
    if is_beyond(request.scope["path"]):
        return problem_of_fault(base, request.scope["path"], headers)
    return JSONResponse({"detail": base.message, "code": base.code}, 500, headers)


def _fields(errors: Sequence[Mapping[str, object]], path: str) -> JSONResponse:
    if is_beyond(path):
        return problem_of_fields(errors, path)
    return JSONResponse({"detail": errors}, 422)
