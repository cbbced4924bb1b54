"""The manner of an answer that the reply names: a field missing, cut off, another size."""

import base64
import json
from collections.abc import Mapping
from typing import Any

from tests.providers.books import Reply
from tests.providers.faults import split
from tests.providers.samples import instance, picture, picture_base64

#: The sizes in pixels that Gemini's models paint at `1K`.
GEMINI_SIZES = {
    "1:1": (1024, 1024), "16:9": (1376, 768), "9:16": (768, 1376), "4:3": (1200, 896),
    "3:4": (896, 1200), "3:2": (1264, 848), "2:3": (848, 1264), "5:4": (1152, 928),
    "4:5": (928, 1152), "21:9": (1584, 672), "4:1": (2048, 512), "1:4": (512, 2048),
    "8:1": (3072, 384), "1:8": (384, 3072),
}  # fmt: skip
SCALES = {"512": 0.5, "1K": 1, "2K": 2, "4K": 4}


def worded(reply: Reply, schema: Mapping[str, Any] | None) -> str:
    """The text of an answer that fits the schema, or not, as the reply says."""
    if isinstance(reply, Mapping):
        return json.dumps(reply)
    if isinstance(reply, str) and reply.startswith(("json=", "text=")):
        return reply[5:]
    if not schema:
        return "Hello from a fake model"
    answer = instance(schema)
    if reply == "invalid":
        answer.pop(next(iter(answer)))
    text = json.dumps(answer)
    if reply == "fenced":
        return f"```json\n{text}\n```"
    return text[: len(text) // 2] if reply == "maxtokens" else text


def painted(reply: Reply, width: int, height: int, seed: str) -> tuple[str, str]:
    """The media type and the base64 of a picture of this size, or of what the reply says."""
    name, argument = split(reply)
    if isinstance(reply, bytes):
        return "image/png", base64.b64encode(reply).decode()
    if name == "broken":
        return "image/png", base64.b64encode(b"\x89PNG\r\n\x1a\nbroken").decode()
    if name == "size":
        width, height = (int(side) for side in argument.split("x"))
    if name == "jpeg":
        jpeg = picture(width, height, seed, "JPEG")
        return "image/jpeg", base64.b64encode(jpeg).decode()
    return "image/png", picture_base64(width, height, seed)
