"""SwarmUI's HTTP API: POST, JSON objects, a session, and refusals with the status 200."""

from collections.abc import AsyncGenerator, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import anyio
import httpx2
from anyio import to_thread
from pydantic import BaseModel, TypeAdapter, ValidationError

from storyloom.adapters.swarmui._wire import (
    ERRORED,
    INVALID_SESSION,
    Backend,
    CurrentStatus,
    NewSession,
    Refusal,
    idle_of,
    look_of,
)
from storyloom.automation.errors import SYSTEM
from storyloom.automation.ports import SwarmLook, SwarmUsage
from storyloom.errors import BadAnswer, KeyRefused, Rejected, TimedOut, Unreachable

TIMEOUT_S = 2.0
FREEING_TIMEOUT_S = 10.0
_ANSWER_BYTES = 4 << 20
_OK, _UNAUTHORIZED, _SERVER_FAULT = 200, 401, 500
_STRANGER = "the program that answers there is no SwarmUI"
_CLOSED = "SwarmUI asks who we are, and there is no key for it"
_BACKENDS = TypeAdapter(dict[str, Backend])
M = TypeVar("M", bound=BaseModel)


@dataclass(slots=True)
class _Session:
    """Our session with the SwarmUI at one address."""

    id: str
    version: str


class HttpSwarmApi:
    """One request and its answer. A session is kept, and made anew when SwarmUI has forgotten it."""

    def __init__(self, client: httpx2.AsyncClient, *, timeout_s: float = TIMEOUT_S) -> None:
        """Take an open client; closing it is its owner's part."""
        self._client = client
        self._timeout_s = timeout_s
        self._sessions: dict[str, _Session] = {}

    async def look(self, url: str) -> SwarmLook:
        """Whether it answers. A session is asked for once: SwarmUI writes each of them down."""
        session = self._sessions.get(url) or await self._greet(url)
        try:
            told = _read(CurrentStatus, await self._ask(url, "GetCurrentStatus"))
            errored = told.backend_status.status == ERRORED
            backends = await self._backends(url) if errored else []
        except Rejected:  # it is a SwarmUI, and does not tell us more
            return SwarmLook(session.version)
        except BadAnswer:
            # Another program may answer there by now: it gives no session.
            return SwarmLook((await self._greet(url)).version)
        # Another call may be making a new one just now.
        session = self._sessions.get(url, session)
        return look_of(session.version, told.backend_status, backends)

    async def usage(self, url: str) -> SwarmUsage:
        """What it has to do, for everybody; or for us alone, where we may not know more."""
        try:
            counts = _read(CurrentStatus, await self._ask(url, "GetGlobalStatus")).status
        except (BadAnswer, Rejected):
            counts = _read(CurrentStatus, await self._ask(url, "GetCurrentStatus")).status
        try:
            backends = await self._backends(url)
        except (BadAnswer, Rejected):
            backends = []
        return SwarmUsage(counts.generations, idle_of(backends))

    async def free_memory(self, url: str) -> None:
        """Unload its models."""
        await self._ask(url, "FreeBackendMemory", {"system_ram": False}, FREEING_TIMEOUT_S)

    async def shut_down(self, url: str) -> None:
        """Tell it to end."""
        await self._ask(url, "ShutdownServer")

    async def _backends(self, url: str) -> list[Backend]:
        answer = await self._ask(url, "ListBackends")
        try:
            return list(_BACKENDS.validate_json(answer).values())
        except ValidationError as fault:
            raise BadAnswer(_STRANGER) from fault

    async def _greet(self, url: str) -> _Session:
        told = _read(NewSession, _judged(*await self._post(url, "GetNewSession", {})))
        session = self._sessions[url] = _Session(told.session_id, told.version)
        return session

    async def _ask(
        self,
        url: str,
        route: str,
        more: Mapping[str, object] | None = None,
        timeout_s: float | None = None,
    ) -> bytes:
        """Ask within our session, and once more in a new one where it has been forgotten."""
        session = self._sessions.get(url) or await self._greet(url)
        body = {**(more or {}), "session_id": session.id}
        status, answer = await self._post(url, route, body, timeout_s)
        if _refusal(answer).error_id == INVALID_SESSION:
            self._sessions.pop(url, None)
            body["session_id"] = (await self._greet(url)).id
            status, answer = await self._post(url, route, body, timeout_s)
        return _judged(status, answer)

    async def _post(
        self, url: str, route: str, body: Mapping[str, object], timeout_s: float | None = None
    ) -> tuple[int, bytes]:
        within_s = timeout_s or self._timeout_s
        with _translated(url, within_s), anyio.fail_after(within_s):
            # As a whole, so that the request has a length: SwarmUI takes no chunks.
            async with self._client.stream("POST", f"{url}/API/{route}", json=dict(body)) as answer:
                read = b""
                async for part in answer.aiter_bytes():
                    read += part
                    if len(read) > _ANSWER_BYTES:
                        raise BadAnswer(_STRANGER)
                return answer.status_code, read


@asynccontextmanager
async def open_swarm_api(*, timeout_s: float = TIMEOUT_S) -> AsyncGenerator[HttpSwarmApi]:
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
        yield HttpSwarmApi(client, timeout_s=timeout_s)


def _judged(status: int, answer: bytes) -> bytes:
    """The answer, unless SwarmUI or another program says no with it."""
    if status == _UNAUTHORIZED:
        raise KeyRefused(_CLOSED, system=SYSTEM)
    refusal = _refusal(answer)
    if refusal.error:
        kind = KeyRefused if "unauthorized" in refusal.error.lower() else Rejected
        raise kind(f"SwarmUI refused: {refusal.error[:300]}", system=SYSTEM)
    if status != _OK:
        raise BadAnswer(f"{_STRANGER} (status {status})")
    return answer


def _refusal(answer: bytes) -> Refusal:
    try:
        return Refusal.model_validate_json(answer)
    except ValidationError:
        return Refusal()


def _read(kind: type[M], answer: bytes) -> M:
    try:
        return kind.model_validate_json(answer)
    except ValidationError as fault:
        raise BadAnswer(_STRANGER) from fault


@contextmanager
def _translated(url: str, within_s: float) -> Generator[None]:
    try:
        yield
    except (TimeoutError, httpx2.TimeoutException) as fault:
        raise TimedOut(
            f"{url} did not answer within {within_s:g} seconds", system=SYSTEM
        ) from fault
    except (httpx2.ConnectError, OSError) as fault:
        raise Unreachable(f"nothing answers at {url}", system=SYSTEM) from fault
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError) as fault:
        # It listens, and does not speak HTTP, or stopped in the middle.
        raise BadAnswer(f"{_STRANGER} ({type(fault).__name__})") from fault
