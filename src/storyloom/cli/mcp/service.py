"""What does the work behind the tools: a server, which is opened when the first tool is used."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import anyio

from storyloom.cli.faults import unexpected
from storyloom.cli.server import Server
from storyloom.errors import StoryloomError

Opens = Callable[[], AbstractAsyncContextManager[Server]]


class Service:
    """One server for all tools. An agent that never calls one pays for none."""

    def __init__(self, opens: Opens) -> None:
        """Take what opens the server."""
        self._opens = opens
        self._wanted = anyio.Event()
        self._settled = anyio.Event()
        self._leaving = anyio.Event()
        self._server: Server | None = None
        self._fault: StoryloomError | None = None

    async def keep(self) -> None:
        """Open it once it is wanted, and hold it open until everybody leaves.

        What is opened in a task has to be closed in it, and a tool's task ends with its answer.
        """
        await self._wanted.wait()
        if self._leaving.is_set():
            return
        try:
            async with self._opens() as self._server:
                self._settled.set()
                await self._leaving.wait()
        except Exception as fault:  # noqa: BLE001 - told to whoever calls a tool
            self._fault = fault if isinstance(fault, StoryloomError) else unexpected(fault)
            self._settled.set()

    def leave(self) -> None:
        """Close it, in its own time: it is not cancelled while it puts its things away."""
        self._leaving.set()
        self._wanted.set()

    async def server(self) -> Server:
        """The open server; raises the reason why there is none."""
        self._wanted.set()
        await self._settled.wait()
        if self._server is None or self._fault is not None:
            raise self._fault or StoryloomError()
        return self._server
