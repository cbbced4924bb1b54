"""The name of a question by its content."""

import json
from collections.abc import Mapping
from hashlib import sha256

from pydantic import JsonValue


def input_hash_of(parts: Mapping[str, JsonValue]) -> str:
    """SHA-256 in hex of everything that decides an answer; the order of the parts does not matter."""
    written = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(written.encode("ascii")).hexdigest()
