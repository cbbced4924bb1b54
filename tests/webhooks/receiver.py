"""A real receiver in a thread of its own: the path says how it behaves."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import SO_LINGER, SOL_SOCKET
from struct import pack
from threading import Event, Thread
from typing import Any, ClassVar

from standardwebhooks.webhooks import Webhook as Verifier


@dataclass
class Heard:
    """One request that came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """The body as the official verifier reads it; it raises where something is wrong."""
        return Verifier(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """What it has heard, and what it is told to answer: statuses by path, 200 for the others."""

    port: int = 0
    heard: list[Heard] = field(default_factory=list[Heard])
    statuses: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    retry_after: str | None = None
    on_heard: Callable[[], object] | None = None  #: done before it answers
    let_go: Event = field(default_factory=Event)  #: ends what hangs

    def url(self, path: str = "/ok", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def at(self, path: str) -> list[Heard]:
        return [one for one in self.heard if one.path == path]

    def ids(self, path: str) -> list[str]:
        return [one.headers["webhook-id"] for one in self.at(path)]


class _Handler(BaseHTTPRequestHandler):
    receiver: ClassVar[Receiver]

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return  # whoever sent it was killed meanwhile: nothing was heard
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.receiver.heard.append(Heard(self.path, headers, body))
        if self.receiver.on_heard is not None:
            self.receiver.on_heard()
        if self.path.startswith("/hang"):
            self.receiver.let_go.wait(60)
            return
        if self.path.startswith("/reset"):
            # With nothing left to linger for, the connection is cut and not closed.
            self.connection.setsockopt(SOL_SOCKET, SO_LINGER, pack("ii", 1, 0))
            self.connection.close()
            return
        if self.path.startswith("/garbage"):
            self.wfile.write(b"this is no HTTP\r\n\r\n")
            return
        self._answer()

    def do_GET(self) -> None:
        self.receiver.heard.append(Heard(self.path, {}, b""))
        self._answer()

    def _answer(self) -> None:
        waiting = self.receiver.statuses.get(self.path, [])
        status = waiting.pop(0) if len(waiting) > 1 else (waiting or [200])[0]
        self.send_response(status)
        if self.receiver.retry_after is not None:
            self.send_header("Retry-After", self.receiver.retry_after)
        if self.path.startswith("/redirect"):
            self.send_header("Location", "/ok")
        answer = b"x" * 2000 if self.path.startswith("/long") else b"thanks \xff"
        slow = self.path.startswith("/slow")
        self.send_header("Content-Length", str(len(answer) + slow))
        self.end_headers()
        self.wfile.write(answer)
        self.wfile.flush()
        if slow:
            self.receiver.let_go.wait(60)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Whoever hangs up on it is no news."""


@contextmanager
def receiving(port: int = 0) -> Generator[Receiver]:
    """Start one, at a free port unless one is named."""
    receiver = Receiver()
    handler = type("Handler", (_Handler,), {"receiver": receiver})
    server = _Server(("127.0.0.1", port), handler)
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        receiver.let_go.set()
        server.shutdown()
        server.server_close()
        thread.join()
