"""The REST API of a project: one request and its answer, with limits and errors of ours.

The client's own errors forget the status of an answer and its `Retry-After`, and its own retries wait
for seconds, so answers are judged before it sees them, and it does not retry.
"""

import logging
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import httpx
from anyio import fail_after
from postgrest import (
    APIError,
    AsyncPostgrestClient,
)
from pydantic import TypeAdapter, ValidationError

from storyloom.adapters.supabase._faults import SYSTEM, UNSTORABLE, fault_of
from storyloom.errors import InvalidInput, Unavailable

T = TypeVar("T")
# The client's own types are recursive, and no two runs of the type checker read them alike.
Request = Callable[[Any], Any]

CONNECT_S = 5.0
CONNECTIONS = 20
# So many times longer than a silence may all take, since a picture may have a long way.
WHOLE = 3
# A connection that broke: idle ones are closed by gateways whenever they like.
_BROKEN = (httpx.NetworkError, httpx.RemoteProtocolError)
_LATE = (TimeoutError, httpx.TimeoutException)
_FOREIGN = (
    httpx.HTTPError,
    httpx.InvalidURL,
    httpx.CookieConflict,
    httpx.StreamError,
    APIError,
    ValidationError,
)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    """The rows of an answer."""

    rows: list[T]
    repeated: bool  #: a first answer was lost, so that the change may have been made before
    count: int | None = None  #: of all rows, also of those that a limit kept back, if asked for


class Rest:
    """One table or view after the other of a project."""

    def __init__(self, client: AsyncPostgrestClient, timeout_s: float) -> None:
        """Take an open client; closing it is its owner's part."""
        self._client = client
        self._timeout_s = timeout_s

    async def send(self, table: str, request: Request, rows: TypeAdapter[list[T]]) -> Answer[T]:
        """Send a request, once more when the connection broke, and read the rows of its answer.

        Only requests that may be carried out twice are sent here; `repeated` tells when that can
        have happened.
        """
        with translated():
            try:
                answer, repeated = await self._once(table, request), False
            except _BROKEN:
                answer, repeated = await self._once(table, request), True
            # An answer that is no JSON comes as its text, and fits no rows.
            return Answer(rows.validate_python(answer.data), repeated, answer.count)

    async def _once(self, table: str, request: Request) -> Any:
        # The limit of the HTTP client is for each read and write: this one is for all of them.
        with fail_after(WHOLE * self._timeout_s):
            return await request(self._client.from_(table)).execute()


@asynccontextmanager
async def open_rest(url: str, key: str, *, timeout_s: float) -> AsyncGenerator[Rest]:
    """Open a pool of connections to the REST API at a URL, and close it in the end."""
    # Its log has a line for each request, with what is looked for.
    logging.getLogger("httpx").setLevel(logging.WARNING)
    http = httpx.AsyncClient(
        timeout=httpx.Timeout(timeout_s, connect=min(CONNECT_S, timeout_s)),
        limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
        follow_redirects=False,  # the key is for one address only
        event_hooks={"response": [_judge]},
    )
    async with http:
        headers = {"apikey": key, "Authorization": f"Bearer {key}"}
        client = AsyncPostgrestClient(url, headers=headers, http_client=http, retry_enabled=False)
        yield Rest(client, timeout_s)


async def _judge(response: httpx.Response) -> None:
    if not response.is_success:
        await response.aread()
        raise fault_of(response.status_code, response.headers, response.content)


@contextmanager
def translated() -> Generator[None]:
    """Raise what the client and its libraries raise as errors of ours."""
    try:
        yield
    except _LATE as fault:
        raise Unavailable(
            "The job archive did not answer: Supabase took too long.", system=SYSTEM
        ) from fault
    except UnicodeEncodeError as fault:
        raise InvalidInput(UNSTORABLE) from fault
    except _FOREIGN as fault:
        # The kind alone: their words hold addresses and rows.
        raise Unavailable(
            f"The job archive did not answer: Supabase could not be understood or reached "
            f"({type(fault).__name__}).",
            system=SYSTEM,
        ) from fault
