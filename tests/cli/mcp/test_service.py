"""The server behind the tools: opened once, when it is wanted, and closed in its own task."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import pytest

from storyloom.cli.mcp.service import Service
from storyloom.cli.server import Server
from storyloom.errors import Misconfigured, StoryloomError
from tests.cli.test_server import answering


class Opening:
    """Counts how often it is opened and closed."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault = fault
        self.opened = self.closed = 0

    @asynccontextmanager
    async def __call__(self) -> AsyncGenerator[Server]:
        self.opened += 1
        if self.fault is not None:
            raise self.fault
        yield answering(lambda _: pytest.fail("nobody asks"))
        await anyio.lowlevel.checkpoint()  # it is not cancelled here
        self.closed += 1


async def test_it_is_opened_once_for_all_tools() -> None:
    opening = Opening()
    service = Service(opening)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(service.keep)
        assert await service.server() is await service.server()
        service.leave()

    assert (opening.opened, opening.closed) == (1, 1)


async def test_nobody_pays_for_what_is_not_used() -> None:
    opening = Opening()
    service = Service(opening)

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(service.keep)
        service.leave()

    assert opening.opened == 0


@pytest.mark.parametrize(
    ("fault", "says"),
    [(Misconfigured("Set it."), "Set it."), (ZeroDivisionError(), "ZeroDivisionError")],
)
async def test_every_tool_is_told_why_there_is_none(fault: Exception, says: str) -> None:
    service = Service(Opening(fault))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(service.keep)
        for _ in range(2):
            with pytest.raises(StoryloomError, match=says):
                await service.server()
