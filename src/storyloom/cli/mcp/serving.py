"""`storyloom mcp`: over stdin and stdout, or at an address of this machine."""

import logging
import signal
import socket
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import typer
import uvicorn
from anyio import create_task_group
from mcp.server.mcpserver import MCPServer

from storyloom.cli.logs import set_up
from storyloom.cli.mcp.desk import Desk
from storyloom.cli.mcp.service import Service
from storyloom.cli.mcp.tools import server_of
from storyloom.cli.places import Places
from storyloom.cli.server import Server, open_server
from storyloom.settings import Settings

#: Others on the network are not let in: whoever reaches it may read below the root.
HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Serving:
    """How to serve: files below a root, by a server or without one, at a port or over stdio."""

    root: Path
    server: str | None = None
    org: str | None = None
    port: int | None = None


def serve(serving: Serving, settings: Settings) -> None:
    """Serve until stdin closes or a signal comes.

    Raises `NotFound` without the root, `InvalidInput` for a wrong address, and `Conflict` when the
    port is taken.
    """
    # stdout belongs to the protocol; on stderr, hosts show whatever comes as a mistake.
    set_up("debug" if settings.log_level == "debug" else "warning")
    logging.getLogger("mcp").setLevel(logging.ERROR)
    service = Service(_opens(serving, settings))
    server = server_of(Desk(service, Places(serving.root)))
    if serving.port is None:
        anyio.run(_beside, service, server.run_stdio_async)
        return
    from storyloom.cli.serving import bind  # noqa: PLC0415 - seconds, which stdio spares

    bound = settings.model_copy(update={"host": HOST, "port": serving.port})
    with bind(bound) as listener:
        address = f"http://{HOST}:{listener.getsockname()[1]}/mcp"
        anyio.run(_beside, service, partial(_Http(server, address).answer, listener))


def _opens(
    serving: Serving, settings: Settings
) -> Callable[[], AbstractAsyncContextManager[Server]]:
    if serving.server is not None:
        opened = open_server(serving.server, serving.org)
        return lambda: opened
    from storyloom.cli.mcp.embedded import embedded  # noqa: PLC0415 - one of two is needed

    return partial(embedded, settings, serving.org)


async def _beside(service: Service, serves: Callable[[], Any]) -> None:
    async with create_task_group() as tasks:
        tasks.start_soon(service.keep)
        await serves()
        service.leave()


class _Http(uvicorn.Server):
    """Says where it is as soon as it answers."""

    def __init__(self, server: MCPServer[Any], address: str) -> None:
        super().__init__(
            uvicorn.Config(
                # Requests from pages of other origins, and by other names, are refused.
                server.streamable_http_app(host=HOST),
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=5,
            )
        )
        self._address = address

    async def answer(self, listener: socket.socket) -> None:
        """Answer until a signal comes, which uvicorn raises again once it has stopped."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        await self.serve([listener])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        typer.echo(f"Storyloom's MCP server answers at {self._address}", err=True)
