"""Asking a running server: the one that is named, or the one of this machine."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import anyio

from storyloom.cli.options import JobsOptions
from storyloom.cli.server import Server, open_server
from storyloom.client.line import Names
from storyloom.client.operations import Operation
from storyloom.kit.addresses import in_url
from storyloom.settings import Settings

T = TypeVar("T")


def using(options: JobsOptions, use: Callable[[Server], Awaitable[T]]) -> T:
    """Do something with the open server."""
    url = options.server
    if url is None:
        settings = Settings.load()
        url = f"http://{in_url(settings.host)}:{settings.port}"
    opening = open_server(url, options.org)

    async def do() -> T:
        async with opening as server:
            return await use(server)

    return anyio.run(do)


def asked(
    options: JobsOptions, operation: Operation[Any], names: Names | None = None, **more: Any
) -> dict[str, Any]:
    """What an operation answers, as it came; `more` is what `Line.send` takes."""
    return using(options, lambda server: server.told(operation, names, **more))
