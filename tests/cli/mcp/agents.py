"""Coding agents: the client of the SDK, in this process, before tools that work in it too."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import anyio
from anyio import to_thread
from mcp import Client
from mcp_types import CallToolResult, ImageContent, TextContent

from storyloom.cli.mcp.desk import Desk
from storyloom.cli.mcp.embedded import embedded
from storyloom.cli.mcp.service import Opens, Service
from storyloom.cli.mcp.tools import server_of
from storyloom.cli.places import Places
from storyloom.settings import Settings


@asynccontextmanager
async def agent(root: Path, opens: Opens) -> AsyncGenerator[Client]:
    """An agent, and a server that is opened for its first tool."""
    service = Service(opens)
    desk = Desk(service, await to_thread.run_sync(Places, root))
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(service.keep)
        async with Client(await to_thread.run_sync(server_of, desk)) as client:
            yield client
        service.leave()


def here(data_dir: Path) -> Opens:
    """A whole service in this process."""
    return partial(embedded, Settings.load(data_dir=data_dir), None)


def words(result: CallToolResult) -> str:
    return "\n".join(b.text for b in result.content if isinstance(b, TextContent))


def pictures(result: CallToolResult) -> list[ImageContent]:
    return [block for block in result.content if isinstance(block, ImageContent)]


def told(result: CallToolResult) -> Mapping[str, Any]:
    assert not result.is_error, words(result)
    return cast("Mapping[str, Any]", result.structured_content)
