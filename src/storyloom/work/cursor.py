"""Where a page of work ends, as a word that clients hand back and do not read."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime

from storyloom.errors import InvalidInput
from storyloom.jobs.schemas import Place
from storyloom.kit.ids import parse_job_id
from storyloom.kit.written import in_utc

_SEPARATOR = " "
LENGTH = 200


def cursor_of(place: Place) -> str:
    """The word for what comes after this place."""
    text = f"{place.created_at.isoformat()}{_SEPARATOR}{place.id}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def place_at(cursor: str) -> Place:
    """The place; raises `InvalidInput` for a word that is not ours."""
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        at, _, name = text.partition(_SEPARATOR)
        made = in_utc(datetime.fromisoformat(at))
    except (NotBase64, ValueError) as fault:
        raise _unreadable() from fault
    if (known := parse_job_id(name)) is None:
        raise _unreadable()
    return Place(made, known)


def _unreadable() -> InvalidInput:
    return InvalidInput(
        "This is no cursor of ours: send `next_cursor` of a page as it is",
        loc=("query", "cursor"),
        kind="cursor",
    )
