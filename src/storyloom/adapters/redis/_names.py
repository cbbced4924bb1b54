"""The names of keys, as the document has them, and whose they are.

The default organisation has exactly the documented names; every other has `org:{org_id}:` in front.
An id that holds more than letters, digits and `._-~` is written with percent signs, so that no id
can reach into the names of another, and none is a pattern.
"""

import re
from urllib.parse import quote, unquote

from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.story.schemas import SessionKey, parse_timestamp

SESSION = "session:"
ORG = "org:"
_SESSION = re.compile(r"(?:org:([^:]+):)?session:([0-9]+)")


def prefix_of(org_id: str) -> str:
    """What stands before every name of an organisation."""
    return "" if org_id == DEFAULT_ORG else f"{ORG}{quote(org_id, safe='')}:"


def session_name(key: SessionKey) -> str:
    """Where a session lies."""
    return f"{prefix_of(key.org_id)}{SESSION}{key.timestamp}"


def session_key(name: bytes) -> SessionKey | None:
    """Which session lies there, or None where none does."""
    found = _SESSION.fullmatch(name.decode("utf-8", "replace"))
    if found is None:
        return None
    org_id = DEFAULT_ORG if found[1] is None else unquote(found[1])
    timestamp = parse_timestamp(found[2])
    if timestamp is None or prefix_of(org_id) != ("" if found[1] is None else f"{ORG}{found[1]}:"):
        return None
    return SessionKey(org_id, timestamp)
