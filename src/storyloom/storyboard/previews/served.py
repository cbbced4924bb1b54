"""Sample boards as responses."""

import json
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from starlette.responses import Response

from storyloom.kit.tagged import is_known
from storyloom.storyboard.previews.sampling import Sample
from storyloom.storyboard.served import SAFE_TO_OPEN

#: A header in JSON: a picture has no room for words.
WARNINGS = "X-Palette-Warnings"
_NOT_MODIFIED = 304
# A stored profile may be changed at any time, and its samples are to follow soon.
_FRESH = "private, max-age=60"
_HEADER: dict[str, Any] = {"schema": {"type": "string"}}
_FILES: dict[str, Any] = {
    "image/svg+xml": {"schema": {"type": "string"}},
    "image/png": {"schema": {"type": "string", "format": "binary"}},
}
_TAG = {"ETag": {"description": "Send it back as `If-None-Match`", **_HEADER}}

DRAWN: dict[int | str, dict[str, Any]] = {
    200: {"description": "The board", "content": _FILES},
    503: {
        "description": "Too many samples are being drawn, or a store is away",
        "headers": {"Retry-After": {"description": "Seconds to wait", **_HEADER}},
    },
}
CACHED: dict[int | str, dict[str, Any]] = {
    200: {**DRAWN[200], "headers": _TAG},
    304: {"description": "Not changed since the `ETag` that was sent"},
    503: DRAWN[503],
}


def cached(sample: Sample, if_none_match: str | None) -> Response:
    """The board, to be kept for a moment; or the word that the client has it."""
    headers = {**SAFE_TO_OPEN, "ETag": sample.etag, "Cache-Control": _FRESH}
    if is_known(sample.etag, if_none_match):
        return Response(status_code=_NOT_MODIFIED, headers=headers)
    return Response(sample.data, headers=headers, media_type=sample.media_type)


def shown_once(sample: Sample, warnings: Sequence[BaseModel]) -> Response:
    """The board of a profile that is kept nowhere, and what of its colours it draws otherwise."""
    told = json.dumps([one.model_dump(mode="json") for one in warnings])  # ASCII, as headers are
    headers = {**SAFE_TO_OPEN, "Cache-Control": "no-store", WARNINGS: told}
    return Response(sample.data, headers=headers, media_type=sample.media_type)
