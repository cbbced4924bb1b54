"""What pydantic says of a value, as a person reads it."""

from collections.abc import Mapping
from typing import Any

_OF_PYDANTIC = "Value error, "


def sentence_of(error: Mapping[str, Any]) -> str:
    """The sentence of our own validators, without the words that pydantic puts before it."""
    return str(error["msg"]).removeprefix(_OF_PYDANTIC)
