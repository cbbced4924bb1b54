"""Task groups for fixtures, which pytest opens in one task and may close in another."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import anyio
from anyio.abc import TaskGroup


@asynccontextmanager
async def tasks_of_their_own() -> AsyncGenerator[TaskGroup]:
    """A task group that lives in a task of its own, and is cancelled in the end."""
    loop = asyncio.get_running_loop()
    opened: asyncio.Future[TaskGroup] = loop.create_future()
    close = anyio.Event()

    async def live() -> None:
        async with anyio.create_task_group() as tasks:
            opened.set_result(tasks)
            await close.wait()
            tasks.cancel_scope.cancel()

    life = loop.create_task(live())
    try:
        yield await opened
    finally:
        close.set()
        await life
