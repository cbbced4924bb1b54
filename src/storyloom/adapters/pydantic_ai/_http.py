"""The HTTP client that all requests to a provider go through."""

import httpx2
from pydantic_ai.models import create_async_httpx2_client

CONNECT_S = 5.0
# What a provider needs of a request. The SDKs add more: what machine this is, which version of
# Python, and whatever their environment variables name.
_NEEDED = frozenset({
    "accept", "accept-encoding", "connection", "content-encoding", "content-length", "content-type",
    "host", "transfer-encoding", "user-agent",
    "authorization", "x-api-key", "x-goog-api-key",
    "anthropic-beta", "anthropic-version", "x-server-timeout",
    "traceparent", "tracestate",
})  # fmt: skip


class Redirected(httpx2.HTTPError):
    """The provider sent us to another address, which is not followed."""

    def __init__(self) -> None:
        """Keep the address out of sentences."""
        super().__init__("redirected")


def open_http(timeout_s: float) -> httpx2.AsyncClient:
    """A client that follows no redirects: the key is for one address only."""
    timeout = httpx2.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s))
    http = create_async_httpx2_client(timeout=timeout)
    http.event_hooks["request"].append(_only_needed)
    http.event_hooks["response"].append(_no_redirect)
    return http


async def _only_needed(request: httpx2.Request) -> None:
    for name in [name for name in request.headers if name.lower() not in _NEEDED]:
        del request.headers[name]


async def _no_redirect(response: httpx2.Response) -> None:
    """The SDKs ask for redirects to be followed, whatever the client says."""
    if response.has_redirect_location:
        raise Redirected
