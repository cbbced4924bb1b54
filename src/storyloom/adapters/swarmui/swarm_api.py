"""SwarmUI's HTTP API: POST, JSON objects, a session, and refusals with the status 200."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from storyloom.adapters.swarmui._http import (
    STRANGER,
    TIMEOUT_S,
    SwarmHttp,
    judged,
    open_swarm_http,
    read,
    refusal_in,
)
from storyloom.adapters.swarmui._wire import (
    ERRORED,
    INVALID_SESSION,
    Backend,
    CurrentStatus,
    NewSession,
    idle_of,
    look_of,
)
from storyloom.automation.ports import SwarmLook, SwarmUsage
from storyloom.errors import BadAnswer, Rejected

FREEING_TIMEOUT_S = 10.0
_BACKENDS = TypeAdapter(dict[str, Backend])


@dataclass(slots=True)
class _Session:
    """Our session with the SwarmUI at one address."""

    id: str
    version: str


class HttpSwarmApi:
    """One request and its answer. A session is kept, and made anew when SwarmUI has forgotten it."""

    def __init__(self, http: SwarmHttp) -> None:
        """Take what sends requests."""
        self._http = http
        self._sessions: dict[str, _Session] = {}

    async def look(self, url: str) -> SwarmLook:
        """Whether it answers. A session is asked for once: SwarmUI writes each of them down."""
        session = self._sessions.get(url) or await self._greet(url)
        try:
            told = read(CurrentStatus, await self._ask(url, "GetCurrentStatus"))
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
            counts = read(CurrentStatus, await self._ask(url, "GetGlobalStatus")).status
        except (BadAnswer, Rejected):
            counts = read(CurrentStatus, await self._ask(url, "GetCurrentStatus")).status
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
            raise BadAnswer(STRANGER) from fault

    async def _greet(self, url: str) -> _Session:
        told = read(NewSession, judged(*await self._http.post(url, "GetNewSession", {})))
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
        status, answer = await self._http.post(url, route, body, timeout_s=timeout_s)
        if refusal_in(answer).error_id == INVALID_SESSION:
            self._sessions.pop(url, None)
            body["session_id"] = (await self._greet(url)).id
            status, answer = await self._http.post(url, route, body, timeout_s=timeout_s)
        return judged(status, answer)


@asynccontextmanager
async def open_swarm_api(*, timeout_s: float = TIMEOUT_S) -> AsyncGenerator[HttpSwarmApi]:
    """One with a client of its own, for as long as it is needed."""
    async with open_swarm_http(timeout_s=timeout_s) as http:
        yield HttpSwarmApi(http)
