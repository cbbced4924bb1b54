"""Work as a response: with a tag that changes when it does."""

from hashlib import blake2b

from fastapi import Response
from pydantic import BaseModel

from storyloom.work.schemas import WorkSummary

POLL_EVERY_S = "1"
_ACCEPTED = 202
_NOT_MODIFIED = 304


def work_response(
    work: WorkSummary, if_none_match: str | None = None, *, status: int = 200
) -> Response:
    """The work, or the word that the client has it."""
    body = _json(work)
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if not work.status.is_terminal:
        headers["Retry-After"] = POLL_EVERY_S
    if _is_known(tag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(body, status, headers, media_type="application/json")


def accepted(work: WorkSummary) -> Response:
    """The work, which is safe and will be run, and where to poll it."""
    response = work_response(work, status=_ACCEPTED)
    response.headers["Location"] = work.links.self
    return response


def _json(model: BaseModel) -> bytes:
    return model.model_dump_json().encode()


def _is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has this answer (RFC 9110, 13.1.2): a list, a weak tag or `*` will do."""
    if if_none_match is None:
        return False
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return tag in known or "*" in known
