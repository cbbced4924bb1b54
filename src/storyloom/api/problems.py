"""Errors of the routes beyond the documents, as problem details (RFC 9457).

The documented routes keep the bodies that their documents show.
"""

from collections.abc import Iterable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Literal
from urllib.parse import quote

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from storyloom.errors import InvalidInput, StoryloomError
from storyloom.kit.known import known

MEDIA_TYPE = "application/problem+json"
#: Below it are the routes that no document shows.
BEYOND = "/v1/"
_TYPE = "urn:storyloom:error:"
_BODY = "body"
_INVALID = 422
_FIRST_ERROR = 400
# A place in the text, and not in what is read from it.
_UNREAD = "json_invalid"
_MAY_PASS = frozenset({429, 503})
#: What the server says by itself, and no error class of ours.
HTTP_CODES: Mapping[int, str] = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
}


class FieldFault(BaseModel):
    """What is wrong with one field."""

    detail: str = Field(description="A sentence for a person")
    code: str = Field(description="The kind of fault, for programs")
    pointer: str | None = Field(
        default=None, description="Where it is in the body: a JSON Pointer (RFC 6901)"
    )
    parameter: str | None = Field(default=None, description="Its name, where it is not in the body")
    where: Literal["query", "header", "path", "cookie"] | None = Field(
        default=None, serialization_alias="in"
    )


class Problem(BaseModel):
    """Why a request was not answered as asked."""

    type: str = Field(description="Names the kind of error: `urn:storyloom:error:` and the code")
    title: str = Field(description="The kind of error in a sentence")
    status: int
    detail: str = Field(description="What was wrong this time, in a sentence")
    instance: str = Field(description="The path that was asked")
    code: str = Field(description="A stable code for programs; docs/api.md lists all")
    retryable: bool = Field(description="Whether the same request may do later")
    request_id: str | None = Field(default=None, description="As in `X-Request-Id`")
    errors: list[FieldFault] | None = Field(default=None, description="The fields that are wrong")


def is_beyond(path: str) -> bool:
    """Whether the clients of this path know errors as problem details."""
    return path.startswith(BEYOND)


def problem_of_fault(
    fault: StoryloomError, path: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """An error of ours."""
    told = Problem(
        type=_TYPE + fault.code,
        title=(type(fault).__doc__ or "").partition("\n")[0],
        status=fault.http_status,
        detail=fault.message,
        instance=quote(path),
        code=fault.code,
        retryable=fault.retryable,
    )
    if isinstance(fault, InvalidInput) and fault.loc:
        told.errors = [_field(fault.loc, fault.message, fault.kind)]
    return _response(told, headers)


def problem_of_fields(errors: Sequence[Mapping[str, Any]], path: str) -> JSONResponse:
    """Fields that are not as they have to be: each has `loc`, `msg` and `type`."""
    fields = [_field(e["loc"], e["msg"], e["type"]) for e in errors]
    place = fields[0].parameter or (fields[0].pointer or "").removeprefix("#/")
    more = f" (and {len(fields) - 1} more)" if len(fields) > 1 else ""
    told = Problem(
        type=_TYPE + InvalidInput.code,
        title=(InvalidInput.__doc__ or "").partition("\n")[0],
        status=_INVALID,
        detail=f"{place}: {fields[0].detail}{more}" if place.strip("#") else fields[0].detail,
        instance=quote(path),
        code=InvalidInput.code,
        retryable=False,
        errors=fields,
    )
    return _response(told)


def problem_of_status(
    status: int, detail: str, path: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """What HTTP itself has a status for."""
    known_as = HTTPStatus(status)
    code = HTTP_CODES.get(status, known_as.name.lower())
    told = Problem(
        type=_TYPE + code,
        title=known_as.phrase,
        status=status,
        detail=detail,
        instance=quote(path),
        code=code,
        retryable=status in _MAY_PASS,
    )
    return _response(told, headers)


def _field(loc: Iterable[str | int], sentence: str, kind: str) -> FieldFault:
    first, *rest = loc
    if first == _BODY:
        parts = [] if kind == _UNREAD else rest
        pointer = "#" + "".join(f"/{_escaped(part)}" for part in parts)
        return FieldFault(detail=sentence, code=kind, pointer=pointer)
    return FieldFault.model_validate(
        {
            "detail": sentence,
            "code": kind,
            "parameter": ".".join(map(str, rest)),
            "where": first,
        }
    )


def _escaped(part: str | int) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    problem.request_id = known.get().get("request_id")
    body = problem.model_dump(exclude_none=True, by_alias=True)
    return JSONResponse(body, problem.status, headers, MEDIA_TYPE)


def document_problems(schema: dict[str, Any]) -> None:
    """Give every error of these routes its shape in an OpenAPI document."""
    shape = Problem.model_json_schema(
        ref_template="#/components/schemas/{model}", mode="serialization"
    )
    schema["components"]["schemas"] |= shape.pop("$defs") | {Problem.__name__: shape}
    content = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    for path, operations in schema["paths"].items():
        if is_beyond(path):
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status.isdigit() and int(status) >= _FIRST_ERROR:
                        response["content"] = content
