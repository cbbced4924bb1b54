"""What the storyboard routes document besides their models."""

from typing import Any

from storyloom.imaging.schemas import MediaType
from storyloom.storyboard.schemas import JobView

Responses = dict[int | str, dict[str, Any]]


def _error(description: str, sentence: str) -> dict[str, Any]:
    schema = {
        "type": "object",
        "required": ["detail"],
        "properties": {
            "detail": {"type": "string"},
            "code": {"type": "string", "description": "A stable code for programs"},
        },
    }
    content = {"application/json": {"schema": schema, "example": {"detail": sentence}}}
    return {"description": description, "content": content}


def _header(description: str) -> dict[str, Any]:
    return {"description": description, "schema": {"type": "string"}}


_RETRY_AFTER = _header("Seconds to wait before the next poll")
_ETAG = _header("Changes when the answer does; send it back as `If-None-Match`")
_UNCHANGED: dict[str, Any] = {"description": "Not changed since the `ETag` that was sent"}

ACCEPTED: Responses = {
    202: {
        "description": "Accepted: the job is safe, and will be run",
        "headers": {"Location": _header("Where to poll"), "Retry-After": _RETRY_AFTER},
    }
}
TOO_LARGE: Responses = {413: _error("The body is too large", "The request body is too large")}
NOT_FOUND: Responses = {404: _error("There is no such job", "Job 'abc-123' not found")}
UNAVAILABLE: Responses = {
    503: _error("A part is away for now", "The job archive did not answer: database is locked")
}
CONFLICT: Responses = {
    409: _error("The job has no picture", "Job '…' is processing; its picture is not ready yet")
}
UNFINISHED: Responses = {
    409: _error(
        "The job has no storyboard to begin with",
        "Job '…' is processing; its picture is not ready yet",
    )
}
POLLED: Responses = {
    200: {"model": JobView, "headers": {"ETag": _ETAG, "Retry-After": _RETRY_AFTER}},
    304: _UNCHANGED,
}
PICTURE: Responses = {
    200: {
        "description": "The picture",
        "headers": {"ETag": _ETAG},
        "content": {
            kind.value: {"schema": {"type": "string", "format": "binary"}}
            for kind in (MediaType.PNG, MediaType.SVG, MediaType.PDF, MediaType.PPTX)
        },
    },
    304: _UNCHANGED,
}
