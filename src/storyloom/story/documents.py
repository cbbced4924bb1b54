"""Sessions as text: reading and writing JSON that strangers have written.

Nothing is thrown away: a session has more fields than we know. Megabytes of it take tens of
milliseconds, so these are to be called in a thread.
"""

import json
from typing import Any

from storyloom.errors import InvalidInput

Document = dict[str, Any]


def read(raw: bytes) -> Document:
    """The object that the text holds; raises `InvalidInput`."""
    try:
        value: object = json.loads(raw)
    except (ValueError, RecursionError) as fault:
        # ValueError: no JSON, no UTF-8, or a number of more than 4,300 digits.
        raise InvalidInput("The body is not JSON", loc=("body",), kind="json_invalid") from fault
    if not isinstance(value, dict):
        raise InvalidInput("The body has to be an object", loc=("body",), kind="dict_type")
    return value  # pyright: ignore[reportUnknownVariableType] - JSON has text for keys


def write(value: object) -> bytes:
    """The text of an object; raises `InvalidInput` for what JSON has no words for."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (ValueError, RecursionError) as fault:
        raise InvalidInput(
            "A number is out of range, or the body is nested too deeply",
            loc=("body",),
            kind="json_invalid",
        ) from fault
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair: browsers make them when they cut a text in the middle of a sign.
        return json.dumps(value, separators=(",", ":")).encode()
