"""What a project can be made to do instead of answering."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto


@dataclass(frozen=True)
class Says:
    """An answer that a gateway in front of the API gives; no statement is carried out."""

    status: int
    body: bytes = b"{}"
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


class Cuts(Enum):
    """The connection breaks, and nothing is said."""

    BEFORE = auto()  #: the statement is not carried out
    AFTER = auto()  #: the statement is carried out


class Hangs(Enum):
    """Nothing is said until the project is let go."""

    BEFORE = auto()
    AFTER = auto()


Fault = Says | Cuts | Hangs

SICK = Says(503, b'{"code":"PGRST001","message":"Database client error. Retrying the connection.",'
            b'"details":null,"hint":null}')  # fmt: skip
BROKEN = Says(500, b'{"message":"An unexpected error occurred"}')
PAGE = Says(502, b"<html><h1>502 Bad Gateway</h1></html>", {"Content-Type": "text/html"})
LYING_PAGE = Says(200, b"<html><h1>Welcome</h1></html>", {"Content-Type": "text/html"})
HALF = Says(200, b'[{"id": "')
HURRIED = Says(429, b'{"message":"API rate limit exceeded"}', {"Retry-After": "7"})
STRANGER = Says(401, b'{"message":"Invalid API key"}')
ELSEWHERE = Says(301, b"", {"Location": "http://127.0.0.1:1/elsewhere"})
