"""SwarmUI's API, opened by the first question: most servers have none, and an HTTP client takes 6 MB."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager

import anyio
from anyio import to_thread

from storyloom.automation.ports import SwarmApi, SwarmLook, SwarmUsage


class LateSwarmApi:
    """A `SwarmApi` that opens another one when it is asked something."""

    def __init__(self, stack: AsyncExitStack) -> None:
        """Take what closes it in the end."""
        self._stack = stack
        self._opening = anyio.Lock()
        self._api: SwarmApi | None = None

    async def look(self, url: str) -> SwarmLook:
        """Whether it answers, and how far it is."""
        return await (await self._opened()).look(url)

    async def usage(self, url: str) -> SwarmUsage:
        """What it has to do."""
        return await (await self._opened()).usage(url)

    async def free_memory(self, url: str) -> None:
        """Unload its models."""
        await (await self._opened()).free_memory(url)

    async def shut_down(self, url: str) -> None:
        """Tell it to end."""
        await (await self._opened()).shut_down(url)

    async def _opened(self) -> SwarmApi:
        async with self._opening:
            if self._api is None:
                opening = await to_thread.run_sync(_opening)
                self._api = await self._stack.enter_async_context(opening)
            return self._api


@asynccontextmanager
async def open_late_swarm_api() -> AsyncGenerator[LateSwarmApi]:
    """One for as long as it is needed."""
    async with AsyncExitStack() as stack:
        yield LateSwarmApi(stack)


def _opening() -> AbstractAsyncContextManager[SwarmApi]:
    from storyloom.adapters.swarmui.swarm_api import open_swarm_api  # noqa: PLC0415 - HTTP

    return open_swarm_api()
