"""What a key looks like, and how it is told from a wrong one.

A key is `sl_<id>_<secret>`. The secret has 256 random bits, so nobody can try them all, and there is
no word in it to be guessed: a slow hash such as Argon2 would protect nothing more, and would cost
every request milliseconds. So SHA-256 is kept. Digests are compared in constant time.
"""

import re
import secrets
from hashlib import sha256
from hmac import compare_digest

from storyloom.access.schemas import PREFIX

_ID_BYTES, _SECRET_BYTES = 6, 32
_KEY = re.compile(rf"{PREFIX}([0-9a-f]{{{2 * _ID_BYTES}}})_[0-9a-f]{{{2 * _SECRET_BYTES}}}")


def new_id() -> str:
    """A fresh id; it may be told to everybody."""
    return secrets.token_hex(_ID_BYTES)


def new_key(key_id: str) -> str:
    """A fresh key with this id."""
    return f"{PREFIX}{key_id}_{secrets.token_hex(_SECRET_BYTES)}"


def id_of(key: str) -> str | None:
    """The id within a key, or None where it is no key of ours."""
    found = _KEY.fullmatch(key)
    return None if found is None else found[1]


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def is_same(digest: str, other: str) -> bool:
    """Whether two digests are the same, found out in the same time whatever they are."""
    return compare_digest(digest.encode(), other.encode())
