"""JSON with a tag that changes when it does (RFC 9110, 8.8.3)."""

import re
from collections.abc import Mapping
from hashlib import blake2b

from starlette.responses import Response

#: `Cache-Control` of what is asked for by its version, and so never changes.
LASTING = "private, max-age=31536000, immutable"
_NOT_MODIFIED = 304
_ANY = "*"
_TAG = re.compile(r'(?:W/)?("[!#-~\x80-\xff]*")')
_TAGS = re.compile(rf"\*|{_TAG.pattern}(?:[ \t]*,[ \t]*{_TAG.pattern})*")


def tag_of(body: bytes) -> str:
    """The tag of an answer, as `ETag` has it."""
    return f'"{blake2b(body, digest_size=12).hexdigest()}"'


def tagged(
    body: bytes,
    if_none_match: str | None,
    headers: Mapping[str, str] | None = None,
    *,
    status: int = 200,
    tag: str | None = None,
) -> Response:
    """The JSON, or the word that the client has it; its tag, unless another one tells it as well."""
    tag = tag or tag_of(body)
    told = {"ETag": tag, "Cache-Control": "no-cache", **(headers or {})}
    if is_known(tag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=told)
    return Response(body, status, told, media_type="application/json")


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the client has it: a list, a weak tag or `*` will do (RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    # A tag may have a comma in it, or a star.
    return if_none_match.strip() == _ANY or tag in _TAG.findall(if_none_match)


def are_tags(header: str) -> bool:
    """Whether a condition is in the one form there is for it (RFC 9110, 13.1.1 and 13.1.2)."""
    return _TAGS.fullmatch(header) is not None
