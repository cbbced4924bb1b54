"""JSON with a tag that changes when it does (RFC 9110, 8.8.3)."""

from collections.abc import Mapping
from hashlib import blake2b

from starlette.responses import Response

_NOT_MODIFIED = 304


def tagged(
    body: bytes, if_none_match: str | None, headers: Mapping[str, str] | None = None
) -> Response:
    """The JSON, or the word that the client has it."""
    tag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    told = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    if is_known(tag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=told)
    return Response(body, headers=told, media_type="application/json")


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has it: a list, a weak tag or `*` will do (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    known = [one.strip().removeprefix("W/") for one in if_none_match.split(",")]
    return tag in known or "*" in known
