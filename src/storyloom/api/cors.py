"""Which web pages of other origins may call the API (CORS).

They are chosen by settings, which are read when the app starts, and the app is made before that. So
they are found in the state of the app, as everything is that the settings choose.
"""

import re
from dataclasses import dataclass
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from storyloom.settings import Settings

ANY, NONE = "*", "none"
# A page that was served by this machine, from any port: where pages are developed.
LOOPBACK = r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_TOLD = (
    *("ETag", "Location", "Retry-After", "X-Request-Id", "RateLimit", "RateLimit-Policy"),
    *("Idempotency-Replayed", "Preference-Applied", "X-Palette-Warnings"),
)
_PREFLIGHT_KEPT_S = 600


@dataclass(frozen=True, slots=True)
class Origins:
    """The origins that may call: a pattern, or nothing for none."""

    pattern: str = ""

    @classmethod
    def of(cls, settings: Settings) -> "Origins":
        """What the settings choose; in development pages of this machine, if they choose nothing."""
        if settings.cors_origins is None:
            return cls("" if settings.app_env == "production" else LOOPBACK)
        named = [name.strip() for name in settings.cors_origins.split(",") if name.strip()]
        if ANY in named:
            return cls(".*")
        return cls("|".join(re.escape(name) for name in named if name != NONE))

    def welcome(self, origin: str, host: str | None) -> bool:
        """Whether a page of this origin may call: one of those, or one that we served ourselves."""
        is_named = bool(self.pattern) and re.fullmatch(self.pattern, origin) is not None
        return is_named or origin.partition("://")[2] == host


class Cors:
    """ASGI middleware: answers preflights, and lets pages of those origins read answers."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap the app."""
        self._app = app
        self._made: dict[Origins, ASGIApp] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, through Starlette's middleware where it has an origin."""
        state: dict[str, Any] = scope.get("state") or {}
        origins = state.get("origins", Origins())
        if scope["type"] == "http" and origins.pattern and _has_origin(scope):
            await self._within(origins)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _within(self, origins: Origins) -> ASGIApp:
        if origins not in self._made:
            self._made[origins] = CORSMiddleware(
                self._app,
                allow_origin_regex=origins.pattern,
                allow_methods=_METHODS,
                allow_headers=["*"],
                expose_headers=_TOLD,
                max_age=_PREFLIGHT_KEPT_S,
            )
        return self._made[origins]


def _has_origin(scope: Scope) -> bool:
    return any(name == b"origin" for name, _ in scope["headers"])
