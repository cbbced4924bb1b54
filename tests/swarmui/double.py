"""A SwarmUI for tests, as strict as the real one: POST only, whole bodies, sessions, refusals with 200.

It is run within a test, or as a program by a fake launcher; so it needs nothing but Python. It really
makes pictures (see `studio.py`), one at a time over all sockets, in `Behaviour.image_s` seconds each;
it goes on when a socket drops, keeps what it made, and serves it below `View/local/`. With a folder,
pictures, sessions and the count of what was made outlive it.

`GET /double/made` is not SwarmUI's: how often each picture was begun and finished, by its path and by
its prompt, what is kept, and which parameters were ignored because SwarmUI knows none by that name.
"""

import asyncio
import json
import secrets
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

from tests.swarmui.behaviour import Behaviour
from tests.swarmui.gallery import Gallery
from tests.swarmui.ground import is_free, note
from tests.swarmui.studio import Order, Studio
from tests.swarmui.websocket import ServerSocket

__all__ = ["NO_BACKENDS", "VERSION", "Behaviour", "SwarmDouble", "is_free", "note", "swarm_double"]
Json = dict[str, Any]
Answer = tuple[int, Any]
VERSION = "0.9.8.2.GIT-5ee406ba"
HTML = "<html><body>Error: Cannot 'GET' the API</body></html>"
NO_BACKENDS = "No backends present. You must configure backends in the Backends section."
SOME_ERRORED = "Some backends have errored on the server. Check the server logs for details."
_MESSAGES = {"empty": NO_BACKENDS, "errored": SOME_ERRORED, "loading": "Backends are still loading"}


_VIEWS = ("/View/local/", "/Output/")
_GENERATE = "generatetext2imagews"


class SwarmDouble:
    """The server, and what it was asked."""

    def __init__(self, behaviour: Callable[[], Behaviour], folder: Path | None = None) -> None:
        self.behaviour = behaviour
        self.url = ""
        self.calls: list[tuple[str, Json]] = []
        self.sessions: set[str] = set()
        self.ended = asyncio.Event()
        self.told: Callable[[str], None] = lambda route: None
        self.connections: set[asyncio.Task[Any]] = set()
        self.jobs: set[asyncio.Task[None]] = set()
        self.looks = 0
        self._folder = folder
        gallery = Gallery(None if folder is None else folder / "Output" / "local")
        self.studio = Studio(behaviour, gallery, self._status_of, self._note("made"))
        self.studio.forget = self.sessions.discard
        self.studio.die = self._die
        if folder is not None and (folder / "sessions").exists():
            lines = (folder / "sessions").read_text("utf-8").splitlines()
            self.sessions.update(json.loads(line) for line in lines)

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
                if headers.get("upgrade", "").lower() == "websocket" and self._upgrades():
                    await self._generate(path, headers, reader, writer)
                    break
                status, body = await self._answer(method, path, headers, reader)
                if not await _write(writer, status, body):
                    break
        self.connections.discard(task)
        writer.close()

    async def close(self) -> None:
        """End the connections that are still open, and what is being made."""
        left = self._drop()
        if left:
            await asyncio.wait(left)

    def _die(self) -> None:
        self._drop()

    def _drop(self) -> set[asyncio.Task[Any]]:
        left = self.connections | self.jobs
        for task in left:
            task.cancel()
        return left

    def _upgrades(self) -> bool:
        """Whether a socket is accepted; otherwise it is answered as any other request."""
        how = self.behaviour()
        return not (how.is_stranger or how.hangs or how.wants_key or how.is_old)

    async def _generate(
        self,
        path: str,
        headers: dict[str, str],
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        """A socket, from its first text to its end."""
        socket = ServerSocket(reader, writer)
        await socket.accept(headers["sec-websocket-key"])
        text = await socket.receive()
        if text is None:
            return
        body = json.loads(text)
        route = path[5:]
        self.calls.append((route, body))
        self.told(route)
        if refusal := self._unwilling(route, body):
            await socket.send(json.dumps(refusal))
            await socket.close()
            return
        await self._make(socket, body)

    def _unwilling(self, route: str, body: Json) -> Json | None:
        texts = (str(body.get("prompt", "")), str(body.get("overrideoutpathformat", "")))
        if self.behaviour().fault_of(self.studio.number + 1, *texts) == "session gone":
            self.studio.number += 1
            self.sessions.discard(body.get("session_id", ""))
        if refused := self._refused(body):
            return refused[1]
        if route.lower() != _GENERATE:
            if hasattr(self, f"_{route.lower()}"):
                return _method("API route needs HTTP, request is websocket")
            return {"error_id": "bad_route", "error": "Unknown API route."}
        if self.behaviour().forbids_generating:
            return {
                "error_id": "bad_permissions",
                "error": "You lack permissions for this route.",
            }
        return None

    async def _make(self, socket: ServerSocket, body: Json) -> None:
        """Make pictures, whether or not the socket lasts, and tell of them while it does."""
        frames: asyncio.Queue[Json | str | None] = asyncio.Queue()

        def hang_up() -> None:
            frames.put_nowait(None)

        session = body["session_id"]
        order = Order(session, frames.put_nowait, cut=socket.cut, close=hang_up)
        job = asyncio.create_task(self.studio.fill(order, body))  # noqa: TID251
        self.jobs.add(job)
        job.add_done_callback(self.jobs.discard)
        job.add_done_callback(lambda _: frames.put_nowait(None))
        listening = asyncio.create_task(socket.receive())  # noqa: TID251
        try:
            while (frame := await frames.get()) is not None:
                await socket.send(frame if isinstance(frame, str) else json.dumps(frame))
            if job.done() and order.fault != "silence":
                if order.fault != "no last word":
                    await socket.send(json.dumps({"socket_intention": "close"}))
                await asyncio.wait({listening}, timeout=self.behaviour().lingers_s)
                await socket.send(json.dumps(self._status_of(session)))
            elif order.fault == "silence":
                await listening
            await socket.close()
        finally:
            listening.cancel()

    async def _answer(
        self, method: str, path: str, headers: dict[str, str], reader: asyncio.StreamReader
    ) -> Answer:
        behaviour = self.behaviour()
        length = int(headers.get("content-length", "0"))
        sent = await reader.readexactly(length)
        if behaviour.hangs:
            await asyncio.sleep(3600)
        if behaviour.is_stranger or behaviour.wants_key:
            return (200, HTML) if behaviour.is_stranger else (401, "Unauthorized")
        if not path.lower().startswith("/api/"):
            return self._page(path)
        if method != "POST":
            return 302, "/Error/BasicAPI" if headers.get("upgrade") else "/Error/NoGetAPI"
        fault = _unfit(headers, length)
        answer = _basic(fault) if fault else self._call(path[5:], sent, behaviour)
        return (302, "/Error/BasicAPI") if behaviour.is_old and answer[0] == 400 else answer

    def _page(self, path: str) -> Answer:
        """What is no part of the API: pictures, and pages for people."""
        if path == "/double/made":
            studio = self.studio
            more = {"files": studio.gallery.names, "unknown": studio.unknown}
            return 200, {**studio.tally(), **more}
        if path.startswith("/Error/"):
            return 200, HTML
        for view in _VIEWS:
            if path.startswith(view):
                found = self.studio.gallery.get(path.removeprefix(view).partition("?")[0])
                missing = {"error": "404, file not found.", "error_id": "file_not_found"}
                return (404, missing) if found is None else (200, found)
        return 404, HTML

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
        name = "unknown" if behaviour.is_plain else route.lower()
        answer = getattr(self, f"_{name}", _unknown)
        return self._refused(body) or answer(body, behaviour)

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
            self._note("sessions")(session)
        return 200, {
            "session_id": session,
            "user_id": "local",
            "output_append_user": behaviour.appends_user,
            "version": VERSION,
            "permissions": ["*"],
        }

    def _getcurrentstatus(self, body: Json, behaviour: Behaviour) -> Answer:
        if behaviour.hides_current:
            return 400, {"error_id": "bad_permissions", "error": "You lack permissions."}
        return 200, self._status_of(body["session_id"])

    def _getglobalstatus(self, _: Json, behaviour: Behaviour) -> Answer:
        if behaviour.hides_global:
            return 400, {"error_id": "bad_permissions", "error": "You lack permissions."}
        counts = self.studio.counts()
        counts["live_gens"] += behaviour.live
        counts["waiting_gens"] += behaviour.waiting
        return 200, self._status(counts)

    def _status_of(self, session: str) -> Json:
        return self._status(self.studio.counts(session))

    def _status(self, counts: Json) -> Json:
        behaviour = self.behaviour()
        status = behaviour.statuses[min(self.looks, len(behaviour.statuses) - 1)]
        self.looks += 1
        backends = {
            "status": status,
            "class": "",
            "message": _MESSAGES.get(status, ""),
            "any_loading": behaviour.any_loading,
        }
        return {"status": counts, "backend_status": backends, "supported_features": ["comfyui"]}

    def _listbackends(self, _: Json, behaviour: Behaviour) -> Answer:
        if behaviour.hides_backends:
            return 200, {"0": "hidden"}
        used_at = self.studio.used_at
        idle_s = behaviour.idle_s
        if idle_s is None and used_at is not None:
            idle_s = monotonic() - used_at
        return 200, {
            str(number): {
                "type": "comfyui_selfstart",
                "status": status,
                "id": number,
                "seconds_since_used": idle_s or 0,
                "time_since_used": "Never" if idle_s is None else "3 seconds ago",
            }
            for number, status in enumerate(behaviour.backends)
        }

    def _listmodels(self, body: Json, behaviour: Behaviour) -> Answer:
        for name in ("path", "depth"):
            if name not in body:
                return 200, {"error": f"Missing required parameter '{name}'"}
        files = [
            {
                "name": model,
                "title": model.rpartition("/")[2],
                "loaded": model == self.studio.loaded,
                "architecture": "stable-diffusion-xl-v1-base",
                "standard_width": 1024,
                "standard_height": 1024,
                "local": True,
            }
            for model in sorted(behaviour.models)
        ]
        return 200, {"folders": [], "files": files}

    def _generatetext2imagews(self, *_: object) -> Answer:
        return 400, _method("API route needs websocket, request is HTTP")

    def _interruptall(self, body: Json, _: Behaviour) -> Answer:
        self.studio.interrupt(body["session_id"])
        return 200, {"success": True}

    def _freebackendmemory(self, *_: object) -> Answer:
        self.studio.loaded = None
        return 200, {"result": True, "count": 1}

    def _shutdownserver(self, *_: object) -> Answer:
        self.ended.set()
        return 200, {"success": True}

    def _note(self, name: str) -> Callable[[object], None]:
        """What appends to a file of this name, where there is a folder."""
        folder = self._folder
        return lambda what: None if folder is None else note(folder / name, what)


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
    data = body if isinstance(body, bytes) else (body if plain else json.dumps(body)).encode()
    kind = "application/json" if not plain else "text/plain" if status == 401 else "text/html"
    kind = "image/png" if isinstance(body, bytes) else kind
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


def _unknown(*_: object) -> Answer:
    return 400, {"error_id": "bad_route", "error": "Unknown API route"}


def _method(text: str) -> Json:
    return {"error_id": "bad_request_method", "error": text}


def _basic(fault: str) -> Answer:
    return 400, {"error_id": "basic_api", "error": fault}


@asynccontextmanager
async def swarm_double(
    behaviour: Behaviour | Callable[[], Behaviour], port: int = 0, folder: Path | None = None
) -> AsyncGenerator[SwarmDouble]:
    """A running one, on a free port unless one is named; a folder keeps what outlives it."""
    double = SwarmDouble(behaviour if callable(behaviour) else lambda: behaviour, folder)
    server = await asyncio.start_server(double.serve, "127.0.0.1", port)
    async with server:
        double.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield double
        await double.close()
