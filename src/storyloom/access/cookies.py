"""The session of a page: its key in a cookie that no script can read.

A browser sends a cookie by itself, whoever asked it to. So a request counts as the page's own only if
it comes from the page's own origin and, where it changes something, carries a header that a page of
another origin cannot send without being asked first, which is then refused. Pictures are asked for
without an origin: there the browser's word on whose page it was (`Sec-Fetch-Site`) counts, which also
tells another port of this host from us. Browsers give it over https and on the machine itself.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from http.cookies import SimpleCookie

from starlette.requests import cookie_parser

KEY_COOKIE = "storyloom_key"
ORG_COOKIE = "storyloom_org"
#: The page sends it with every request; only that it is there counts.
PAGE_HEADER = "x-storyloom-page"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
#: Who asks: this page, the person (an address that was typed), or a browser that does not tell.
_OURS = frozenset({"same-origin", "none", None})
HAS_SESSION = "has_session"  #: where the request's state says that its key came as a cookie


@dataclass(frozen=True, slots=True)
class PageSession:
    """What the cookies of a request say."""

    key: str | None = None
    org_id: str | None = None

    @classmethod
    def of(cls, cookies: Iterable[str]) -> "PageSession":
        """Read the values of `Cookie`; what others have set there, however odd, is passed over."""
        jar = {name: value for cookie in cookies for name, value in cookie_parser(cookie).items()}
        return cls(jar.get(KEY_COOKIE) or None, jar.get(ORG_COOKIE) or None)


@dataclass(frozen=True, slots=True)
class SetCookie:
    """A cookie to be set, or with an empty value to be forgotten."""

    name: str
    value: str
    secure: bool

    def header(self) -> str:
        """The value of `Set-Cookie`."""
        jar: SimpleCookie = SimpleCookie()
        jar[self.name] = self.value
        morsel = jar[self.name]
        morsel["path"] = "/"
        morsel["httponly"] = True
        morsel["samesite"] = "Strict"
        if self.secure:
            morsel["secure"] = True
        if not self.value:
            morsel["max-age"] = 0
        return morsel.OutputString()


def is_of_page(
    method: str | None,
    origin: str | None,
    host: str | None,
    *,
    site: str | None,
    has_header: bool,
) -> bool:
    """Whether a request with a cookie was sent by the page itself, or by the person in front of it.

    `method` is None for a WebSocket: browsers send its origin always, and no headers of ours.
    `site` is what the browser says of whoever asks, where it says so.
    """
    if site not in _OURS:
        return False
    is_same = origin is not None and origin.partition("://")[2] == host
    if method is None:
        return is_same
    if method in _SAFE:
        return origin is None or is_same
    return has_header and (origin is None or is_same)
