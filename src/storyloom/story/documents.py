"""Sessions as text: reading and writing JSON that strangers have written.

Nothing is thrown away: a session has more fields than we know. Megabytes of it take tens of
milliseconds, so these are to be called in a thread.
"""

import json
from math import isfinite
from typing import Any

from storyloom.errors import InvalidInput

Document = dict[str, Any]


def read(raw: bytes) -> Document:
    """The object that the text holds; raises `InvalidInput`.

    What is read here goes out again as it lies, so it has to be JSON for every reader. Python takes
    more: UTF-16, half a surrogate pair as bytes, `NaN`, and writes some of that itself.
    """
    try:
        value: object = json.loads(raw.decode(), parse_float=_finite, parse_constant=_finite)
    except (ValueError, RecursionError) as fault:
        # ValueError: no JSON, no UTF-8, or a number that is too large.
        raise InvalidInput("The body is not JSON", loc=("body",), kind="json_invalid") from fault
    if not isinstance(value, dict):
        raise InvalidInput("The body has to be an object", loc=("body",), kind="dict_type")
    return value  # pyright: ignore[reportUnknownVariableType] - JSON has text for keys


def write(value: object) -> bytes:
    """The text of an object; raises `InvalidInput` for what is nested too deeply."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except RecursionError as fault:
        raise InvalidInput(
            "The body is nested too deeply", loc=("body",), kind="json_invalid"
        ) from fault
    try:
        return text.encode()
    except UnicodeEncodeError:
        # Half of a surrogate pair: browsers make them when they cut a text in the middle of a sign.
        return json.dumps(value, separators=(",", ":")).encode()


def _finite(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    return value
