"""Health and figures of a process that has no API, on a port of their own."""

import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from importlib.metadata import version

import anyio
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from storyloom.api.errors import render_errors
from storyloom.api.health import router as health
from storyloom.api.health import state_of
from storyloom.api.metrics import router as metrics
from storyloom.api.requests import Requests
from storyloom.bootstrap.services import Services
from storyloom.errors import Misconfigured
from storyloom.settings import Settings

_VERSION = version("storyloom")  # read from a file, which is not for the event loop


class _Server(uvicorn.Server):
    """Leaves signals to the process that it is a part of."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@asynccontextmanager
async def telling_health(settings: Settings, services: Services) -> AsyncGenerator[int | None]:
    """Answer health, version and figures on the port of the settings inside the block.

    Gives the port, or None, and answers nothing, when no port is set. Raises `Misconfigured` when
    it cannot be had.
    """
    if settings.metrics_port is None:
        yield None
        return
    with _listening(settings.host, settings.metrics_port) as listener:
        app = _with_state(_app(), state_of(services))
        server = _Server(uvicorn.Config(app, lifespan="off", log_config=None, access_log=False))
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(server.serve, [listener])
            try:
                yield listener.getsockname()[1]
            finally:
                server.should_exit = True


def _app() -> FastAPI:
    app = FastAPI(openapi_url=None, version=_VERSION)
    app.add_middleware(Requests)
    app.include_router(health)
    app.include_router(metrics)
    render_errors(app)
    return app


def _with_state(app: ASGIApp, state: dict[str, object]) -> ASGIApp:
    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = dict(state)
        await app(scope, receive, send)

    return served


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as fault:
        raise Misconfigured(
            f"Health and metrics cannot be told on {host}, port {port}: {fault.strerror}.",
            setting="STORYLOOM_METRICS_PORT",
        ) from fault
