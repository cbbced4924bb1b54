"""One request to SwarmUI, its answer as it is, and what an answer means."""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import TypeVar

import anyio
import httpx2
from anyio import to_thread
from pydantic import BaseModel, ValidationError

from storyloom.adapters.swarmui._wire import Refusal
from storyloom.automation.errors import SYSTEM
from storyloom.errors import BadAnswer, KeyRefused, Rejected, TimedOut, Unreachable

TIMEOUT_S = 2.0
STRANGER = "the program that answers there is no SwarmUI"
_ANSWER_BYTES = 4 << 20
_OK, _UNAUTHORIZED = 200, 401
_CLOSED = "SwarmUI asks who we are, and there is no key for it"
M = TypeVar("M", bound=BaseModel)


class BrokenAnswer(BadAnswer):
    """The answer is no HTTP, or stopped in the middle."""


class SwarmHttp:
    """Speaks to the SwarmUI at any address. Raises what `SwarmApi` says."""

    def __init__(self, client: httpx2.AsyncClient, *, timeout_s: float = TIMEOUT_S) -> None:
        """Take an open client; closing it is its owner's part."""
        self._client = client
        self._timeout_s = timeout_s

    async def post(
        self,
        url: str,
        route: str,
        body: Mapping[str, object],
        *,
        timeout_s: float | None = None,
        most: int = _ANSWER_BYTES,
    ) -> tuple[int, bytes]:
        """The status and the answer; of more than so many bytes, it is no SwarmUI's."""
        within_s = timeout_s or self._timeout_s
        with translated(url, within_s), anyio.fail_after(within_s):
            # As a whole, so that the request has a length: SwarmUI takes no chunks.
            request = self._client.stream("POST", f"{url}/API/{route}", json=dict(body))
            async with request as answer:
                return answer.status_code, await _read_whole(answer, most)

    async def get(self, url: str, path: str, *, timeout_s: float, most: int) -> tuple[int, bytes]:
        """The status and the file at an escaped path that begins without a slash."""
        with translated(url, timeout_s), anyio.fail_after(timeout_s):
            async with self._client.stream("GET", f"{url}/{path}") as answer:
                return answer.status_code, await _read_whole(answer, most)


@asynccontextmanager
async def open_swarm_http(*, timeout_s: float = TIMEOUT_S) -> AsyncGenerator[SwarmHttp]:
    """A client for as long as it is needed."""
    make = partial(
        httpx2.AsyncClient,
        timeout=None,  # each request has one as a whole
        follow_redirects=False,  # a GET would lead to a page that says 200 to everything
        trust_env=False,  # no proxy lies between us and this machine
        limits=httpx2.Limits(max_keepalive_connections=0),  # it may end between two requests
    )
    # In a thread: certificates are read from the disk.
    async with await to_thread.run_sync(make) as client:
        yield SwarmHttp(client, timeout_s=timeout_s)


def judged(status: int, answer: bytes) -> bytes:
    """The answer, unless SwarmUI or another program says no with it."""
    if status == _UNAUTHORIZED:
        raise KeyRefused(_CLOSED, system=SYSTEM)
    refusal = refusal_in(answer)
    if refusal.error:
        kind = KeyRefused if "unauthorized" in refusal.error.lower() else Rejected
        raise kind(f"SwarmUI refused: {refusal.error[:300]}", system=SYSTEM)
    if status != _OK:
        raise BadAnswer(f"{STRANGER} (status {status})")
    return answer


def refusal_in(answer: bytes) -> Refusal:
    """What SwarmUI refuses with this answer; empty where it does not."""
    try:
        return Refusal.model_validate_json(answer)
    except ValidationError:
        return Refusal()


def read(kind: type[M], answer: bytes) -> M:
    """The answer as what it has to be; raises `BadAnswer`."""
    try:
        return kind.model_validate_json(answer)
    except ValidationError as fault:
        raise BadAnswer(STRANGER) from fault


@contextmanager
def translated(url: str, within_s: float) -> Generator[None]:
    """Raise the errors of the client as ours."""
    try:
        yield
    except (TimeoutError, httpx2.TimeoutException) as fault:
        raise TimedOut(
            f"{url} did not answer within {within_s:g} seconds", system=SYSTEM
        ) from fault
    except (httpx2.ConnectError, OSError) as fault:
        raise Unreachable(f"nothing answers at {url}", system=SYSTEM) from fault
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as fault:
        raise BrokenAnswer(f"{STRANGER} ({type(fault).__name__})") from fault


async def _read_whole(answer: httpx2.Response, most: int) -> bytes:
    read = bytearray()
    async for part in answer.aiter_bytes():
        read += part
        if len(read) > most:
            raise BadAnswer(STRANGER)
    return bytes(read)
