"""Answers of tools: words and small pictures for a model, and the same as data for its client."""

import re
from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO

from mcp_types import CallToolResult, ContentBlock, ImageContent, TextContent
from pydantic import BaseModel, JsonValue

from storyloom.cli.mcp.schemas import Told
from storyloom.errors import InvalidInput
from storyloom.imaging.uploads import decode_image

#: The longest side of a picture in an answer, in pixels. Models see no more of it.
SIDE = 1280
_MOST_BYTES = 400_000  #: of a picture that is shown as it is
_QUALITY = 85
_FIELDS = (
    *("headline", "what_it_does", "business_value", "who_benefits"),
    *("differentiator", "pain_point_addressed"),
)
_SIZE = re.compile(rb"\x89PNG\r\n\x1a\n.{8}(.{4})(.{4})", re.DOTALL)


def answer(told: Told, pictures: Sequence[bytes]) -> CallToolResult:
    """All that is told of a job, with its pictures, made small where they are large."""
    blocks: list[ContentBlock] = [TextContent(type="text", text=_words(told))]
    blocks += [shown for picture in pictures if (shown := _shown(picture)) is not None]
    return CallToolResult(content=blocks, structured_content=told.model_dump(mode="json"))


def plain(text: str, told: BaseModel) -> CallToolResult:
    """Words, and the same as data."""
    block = TextContent(type="text", text=text)
    return CallToolResult(content=[block], structured_content=told.model_dump(mode="json"))


def _words(told: Told) -> str:
    lines = [f"{told.says} (job_id {told.job_id}, {told.kind.value}, {told.status.value})"]
    lines += [f"File: {path}" for path in told.files]
    fields = told.understanding or {}
    lines += [f"{_named(name)}: {_line(fields[name])}" for name in _FIELDS if name in fields]
    lines += [f"Not as usual: {sentence}" for sentence in (*told.degraded, *told.warnings)]
    if told.error is not None and told.error.hint:
        lines.append(told.error.hint)
    return "\n".join(lines)


def _named(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _line(value: JsonValue) -> str:
    return " ".join(str(value).split())


def _shown(picture: bytes) -> ImageContent | None:
    """The picture as a model sees it; None for what cannot be decoded."""
    try:
        data, kind = _small(picture)
    except InvalidInput:
        return None
    return ImageContent(type="image", data=b64encode(data).decode(), mime_type=kind)


def _small(picture: bytes) -> tuple[bytes, str]:
    size = _SIZE.match(picture)
    if size is not None and len(picture) <= _MOST_BYTES:
        width, height = (int.from_bytes(side, "big") for side in size.groups())
        if max(width, height) <= SIDE:
            return picture, "image/png"
    decoded = decode_image(picture).convert("RGB")
    decoded.thumbnail((SIDE, SIDE))
    out = BytesIO()
    decoded.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue(), "image/jpeg"
