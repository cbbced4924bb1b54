"""How requests and WebSockets are named in headers, figures and lines of the log."""

from starlette.types import Scope

REQUEST_ID = b"x-request-id"


def route_of(scope: Scope) -> str:
    """The template of the route, never the path: that one is different for each job."""
    return getattr(scope.get("route"), "path", "unmatched")


def in_ms(seconds: float) -> float:
    """As a line of the log tells it."""
    return round(seconds * 1000, 2)
