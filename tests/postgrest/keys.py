"""Keys of a project: tokens of the older kind, signed with its secret."""

import hashlib
import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

SECRET = b"a-secret-of-at-least-32-characters-for-tests"


def token(*, secret: bytes = SECRET, **claims: object) -> str:
    """A signed token with these claims."""
    head = _part({"alg": "HS256", "typ": "JWT"})
    body = f"{head}.{_part(claims)}"
    return f"{body}.{_signature(body, secret)}"


def claims_of(key: str) -> dict[str, Any] | None:
    """What a token claims, or None when it is no token or its signature is not ours."""
    body, _, signature = key.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(body, SECRET).encode()):
        return None
    part = body.partition(".")[2]
    return json.loads(urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def _part(claims: dict[str, Any]) -> str:
    return _text(json.dumps(claims).encode())


def _signature(body: str, secret: bytes) -> str:
    return _text(hmac.digest(secret, body.encode(), hashlib.sha256))


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


SERVICE_KEY = token(role="service_role")
ANON_KEY = token(role="anon")
