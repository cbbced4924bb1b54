"""A SwarmUI for tests, as strict as the real one: POST only, whole bodies, sessions, refusals with 200.

It is run within a test, or as a program by a fake launcher; so it needs nothing but Python.
"""

import asyncio
import json
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

Json = dict[str, Any]
Answer = tuple[int, Any]
VERSION = "0.9.8.2.GIT-5ee406ba"
HTML = "<html><body>Error: Cannot 'GET' the API</body></html>"
NO_BACKENDS = "No backends present. You must configure backends in the Backends section."
SOME_ERRORED = "Some backends have errored on the server. Check the server logs for details."
_MESSAGES = {"empty": NO_BACKENDS, "errored": SOME_ERRORED, "loading": "Backends are still loading"}


@dataclass
class Behaviour:
    """How it behaves; may be changed while it runs."""

    statuses: Sequence[str] = ("running",)  #: of its backends, look by look; the last one stays
    backends: Sequence[str] = ("running",)
    any_loading: bool = False
    live: int = 0
    waiting: int = 0
    idle_s: float | None = None  #: None: never used
    answers_after_s: float = 0.0
    hangs: bool = False  #: it takes requests, and does not answer
    forgets_sessions: bool = False
    wants_account: bool = False
    wants_key: bool = False
    is_plain: bool = False  #: it knows no other route than GetNewSession
    hides_global: bool = False
    hides_backends: bool = False
    is_stranger: bool = False  #: another program: it says 200 and HTML to everything

    def save(self, file: Path) -> None:
        whole = file.with_suffix(".new")
        whole.write_text(json.dumps(asdict(self)), "utf-8")
        whole.replace(file)

    @classmethod
    def load(cls, file: Path) -> "Behaviour":
        known = {one.name for one in fields(cls)}
        told = json.loads(file.read_text("utf-8"))
        return cls(**{k: v for k, v in told.items() if k in known})


@dataclass
class SwarmDouble:
    """The server, and what it was asked."""

    behaviour: Callable[[], Behaviour]
    url: str = ""
    calls: list[tuple[str, Json]] = field(default_factory=list[tuple[str, Json]])
    sessions: set[str] = field(default_factory=set[str])
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    told: Callable[[str], None] = lambda route: None
    connections: set[asyncio.Task[Any]] = field(default_factory=set[asyncio.Task[Any]])
    looks: int = 0

    @property
    def routes(self) -> list[str]:
        return [route for route, _ in self.calls]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection after the other request."""
        task = asyncio.current_task()
        assert task is not None
        self.connections.add(task)
        # Its end by `close` is an end as any other: a cancelled task would be reported as an error.
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while request := await _read_head(reader):
                method, path, headers = request
                status, body = await self._answer(method, path, headers, reader)
                if not await _write(writer, status, body):
                    break
        self.connections.discard(task)
        writer.close()

    async def close(self) -> None:
        """End the connections that are still open."""
        for task in self.connections:
            task.cancel()
        if self.connections:
            await asyncio.wait(set(self.connections))

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], reader: asyncio.StreamReader
    ) -> Answer:
        behaviour = self.behaviour()
        length = int(headers.get("content-length", "0"))
        sent = await reader.readexactly(length)
        if behaviour.is_stranger:
            return 200, HTML
        if behaviour.hangs:
            await asyncio.sleep(3600)
        if not path.lower().startswith("/api/"):
            return (200, HTML) if path == "/Error/NoGetAPI" else (404, HTML)
        if method != "POST":
            return 302, "/Error/NoGetAPI"
        if behaviour.wants_key:
            return 401, "Unauthorized"
        fault = _unfit(headers, length)
        return _basic(fault) if fault else self._call(path[5:], sent, behaviour)

    def _call(self, route: str, sent: bytes, behaviour: Behaviour) -> Answer:
        try:
            body: Json | None = json.loads(sent)
        except ValueError:
            return 400, {"error_id": "internal_error", "error": "An internal error occurred"}
        if body is None:
            return _basic("null input")
        self.calls.append((route, body))
        self.told(route)
        if route == "GetNewSession":
            return self._new_session(behaviour)
        answer = getattr(self, f"_{route.lower()}", _unknown)
        return self._refused(body) or (_unknown if behaviour.is_plain else answer)(behaviour)

    def _refused(self, body: Json) -> Answer | None:
        if "session_id" not in body:
            return _basic("missing session id")
        if body["session_id"] not in self.sessions:
            return 401, {"error": "Invalid session ID.", "error_id": "invalid_session_id"}
        return None

    def _new_session(self, behaviour: Behaviour) -> Answer:
        if behaviour.wants_account:
            return 200, {"error": "Invalid or unauthorized."}
        session = secrets.token_hex(20)
        if not behaviour.forgets_sessions:
            self.sessions.add(session)
        return 200, {
            "session_id": session,
            "user_id": "local",
            "version": VERSION,
            "permissions": ["*"],
        }

    def _getcurrentstatus(self, behaviour: Behaviour) -> Answer:
        return 200, self._status(behaviour, live=0, waiting=0)

    def _getglobalstatus(self, behaviour: Behaviour) -> Answer:
        if behaviour.hides_global:
            return 400, {"error_id": "bad_permissions", "error": "You lack permissions."}
        return 200, self._status(behaviour, live=behaviour.live, waiting=behaviour.waiting)

    def _status(self, behaviour: Behaviour, *, live: int, waiting: int) -> Json:
        status = behaviour.statuses[min(self.looks, len(behaviour.statuses) - 1)]
        self.looks += 1
        counts = {
            "waiting_gens": waiting,
            "loading_models": 0,
            "waiting_backends": 0,
            "live_gens": live,
        }
        backends = {
            "status": status,
            "class": "",
            "message": _MESSAGES.get(status, ""),
            "any_loading": behaviour.any_loading,
        }
        return {"status": counts, "backend_status": backends, "supported_features": ["comfyui"]}

    def _listbackends(self, behaviour: Behaviour) -> Answer:
        if behaviour.hides_backends:
            return 200, {"0": "hidden"}
        used = behaviour.idle_s is not None
        return 200, {
            str(number): {
                "type": "comfyui_selfstart",
                "status": status,
                "id": number,
                "seconds_since_used": behaviour.idle_s or 0,
                "time_since_used": "3 seconds ago" if used else "Never",
            }
            for number, status in enumerate(behaviour.backends)
        }

    def _freebackendmemory(self, _: Behaviour) -> Answer:
        return 200, {"result": True, "count": 1}

    def _shutdownserver(self, _: Behaviour) -> Answer:
        self.ended.set()
        return 200, {"success": True}


async def _read_head(reader: asyncio.StreamReader) -> tuple[str, str, dict[str, str]] | None:
    first = (await reader.readline()).decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return first[0], first[1], headers


async def _write(writer: asyncio.StreamWriter, status: int, body: Any) -> bool:
    """Write the answer; False where the connection ends with it."""
    plain = isinstance(body, str)
    data = (body if plain else json.dumps(body)).encode()
    kind = "application/json" if not plain else "text/plain" if status == 401 else "text/html"
    more = f"Location: {body}\r\n" if status == 302 else ""
    head = (
        f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(data)}\r\n{more}\r\n"
    )
    writer.write(head.encode() + data)
    await writer.drain()
    return status != 400


def _unfit(headers: dict[str, str], length: int) -> str:
    if not headers.get("content-type", "").startswith("application/json"):
        return "Wrong content type"
    return "" if length > 0 and "transfer-encoding" not in headers else "bad content length"


def _unknown(_: Behaviour) -> Answer:
    return 400, {"error_id": "bad_route", "error": "Unknown API route"}


def _basic(fault: str) -> Answer:
    return 400, {"error_id": "basic_api", "error": fault}


@asynccontextmanager
async def swarm_double(
    behaviour: Behaviour | Callable[[], Behaviour], port: int = 0
) -> AsyncGenerator[SwarmDouble]:
    """A running one, on a free port unless one is named."""
    double = SwarmDouble(behaviour if callable(behaviour) else lambda: behaviour)
    server = await asyncio.start_server(double.serve, "127.0.0.1", port)
    async with server:
        double.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield double
        await double.close()


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the server does: a port that has just been used may be used again.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def note(file: Path, what: object) -> None:
    """Append a line to a file that tests read."""
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(what) + os.linesep)
