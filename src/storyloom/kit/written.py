"""Times as people write them."""

import re
from datetime import UTC, datetime

_NUMBER = re.compile(r"\s*[-+]?[0-9]*\.?[0-9]*\s*")


def written(value: object) -> object:
    """The value, unless it is a number: Pydantic would take it for seconds. Raises `ValueError`."""
    if isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise ValueError("write it in the manner of RFC 3339")
    return value


def in_utc(at: datetime) -> datetime:
    """The time in UTC, which one without a zone is in. Raises `ValueError` where the years end."""
    try:
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC)
    except OverflowError as fault:
        raise ValueError("it is outside the years 1 to 9999 of UTC") from fault
