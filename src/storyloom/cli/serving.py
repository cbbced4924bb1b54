"""`storyloom serve`: the API and its worker in one process."""

import errno
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from importlib.metadata import version
from itertools import count
from types import FrameType
from typing import Any

import anyio
import typer
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from storyloom.api.application import create_app
from storyloom.bootstrap.lock import exclusive
from storyloom.cli.logs import set_up
from storyloom.cli.sockets import MAX_BYTES, PING_EVERY_S, PONG_WITHIN_S, protocol
from storyloom.errors import Conflict, Misconfigured, StoryloomError
from storyloom.kit.addresses import in_url
from storyloom.settings import Settings

GRACE_S = 10
KEEP_ALIVE_S = 75
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


def serve(settings: Settings, *, takes_jobs: bool = True) -> None:
    """Serve until a signal comes; raises `Conflict` when the port or the folder is in use."""
    set_up(settings.log_level, as_json=settings.app_env == "production")
    with bind(settings) as listener:
        host, port = listener.getsockname()[:2]
        bound = settings.model_copy(update={"host": host, "port": port})
        anyio.run(_serve, bound, listener, takes_jobs)


class _Server(uvicorn.Server):
    """Says where it is as soon as it answers."""

    leave: Callable[[], None] = staticmethod(lambda: None)  #: sends those away who wait for news

    def __init__(self, app: ASGIApp, settings: Settings, note: str) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,  # the API tells of requests itself
                lifespan="off",
                ws=protocol,  # pyright: ignore[reportArgumentType] - it is called like a class
                ws_max_size=MAX_BYTES,
                ws_ping_interval=PING_EVERY_S,
                ws_ping_timeout=PONG_WITHIN_S,
                ws_per_message_deflate=False,  # it takes memory for each
                # Longer than clients wait between two polls, so that no poll meets a closing door.
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._banner = _banner(settings, note)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop, and not only when those have gone who wait for news: they are sent away."""
        self.leave()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(self._banner, err=True)


async def _serve(settings: Settings, listener: socket.socket, takes_jobs: bool) -> None:  # noqa: FBT001 - as anyio.run gives it
    app = create_app(settings, takes_jobs=takes_jobs)
    # The app is opened here and not by uvicorn, which would log a traceback for a folder in use.
    async with app.router.lifespan_context(app) as state:
        opened = state or {}
        server = _Server(with_state(app, opened), settings, str(opened.get("note", "")))

        server.leave = opened.get("leave", server.leave)
        signals = count(1)

        def stop(*_: object) -> None:
            server.should_exit = True
            # The second signal: whatever runs is left to others, or to the next start.
            if next(signals) > 1 and state is not None:
                state["hurry"]()

        # uvicorn raises the signal again when it has stopped; there is still a lot to close then.
        for number in _SIGNALS:
            signal.signal(number, stop)
        await server.serve(sockets=[listener])
    typer.echo("Storyloom has stopped.", err=True)


def with_state(app: ASGIApp, state: Mapping[str, Any]) -> ASGIApp:
    """The app as uvicorn would serve it after its own lifespan."""

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = dict(state)
        await app(scope, receive, send)

    return served


def bind(settings: Settings) -> socket.socket:
    """Take the address now, so that the real port is known before anything is opened."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Named as TCP, or asyncio leaves Nagle's algorithm on and every answer waits 40 ms for an ACK.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if sys.platform != "win32":  # pragma: no branch - there it would let two share a port
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as fault:
        listener.close()
        raise _not_bound(fault, settings) from fault
    return listener


def _not_bound(fault: OSError, settings: Settings) -> StoryloomError:
    host, port = settings.host, settings.port
    if fault.errno != errno.EADDRINUSE:
        return Misconfigured(
            f"The server cannot listen on {host}, port {port}: {fault.strerror}.",
            setting="STORYLOOM_HOST",
        )
    # Most often it is our own server, and then the folder is in use too: that says more.
    with exclusive(settings.data_dir, holder="a server that is starting"):
        return Conflict(
            f"Port {port} on {host} is taken by another program. "
            "Choose another with --port or STORYLOOM_PORT; 0 takes any free one."
        )


def _banner(settings: Settings, note: str) -> str:
    url = f"http://{in_url(settings.host)}:{settings.port}"
    lines = {
        "Studio": url,
        "API": url,
        "Docs": f"{url}/docs",
        "Data": str(settings.data_dir.absolute()),
        "Try": f"storyloom code yourfile.py --server {url}",
        "Keys": note,
        "Stop": "Ctrl+C",
    }
    title = typer.style(f"Storyloom {version('storyloom')} is ready.", bold=True)
    return "\n".join([title, *(f"  {name:<6} {value}" for name, value in lines.items())])
