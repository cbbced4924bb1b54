"""Times as people write them."""

import re

_NUMBER = re.compile(r"\s*[-+]?[0-9]*\.?[0-9]*\s*")


def written(value: object) -> object:
    """The value, unless it is a number: Pydantic would take it for seconds. Raises `ValueError`."""
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise ValueError("write it in the manner of RFC 3339")
    return value
