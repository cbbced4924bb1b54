"""The gate before Redis: shut by the first fault, opened when Redis works again."""

import logging
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager

import anyio

from storyloom.adapters.redis._faults import translated
from storyloom.errors import Unavailable

log = logging.getLogger(__name__)


class Gate:
    """Lets calls through while Redis works.

    A Redis that hangs would cost every request its whole time-out. So the first fault shuts the
    gate, and whoever comes after is refused at once; nobody's request is used to find out whether
    Redis is back, that is the part of `attend`. Going away and coming back are logged once each.
    """

    def __init__(self, probe: Callable[[], Awaitable[None]], *, every_s: float) -> None:
        """Take what has to work before the gate opens, and how often to try."""
        self._probe = probe
        self._every_s = every_s
        self._why: str | None = None
        self._shut = anyio.Event()

    @property
    def is_open(self) -> bool:
        """Whether calls are let through."""
        return self._why is None

    @contextmanager
    def passing(self) -> Generator[None]:
        """Let one call through, and shut the gate when it fails; raises `Unavailable`."""
        if self._why is not None:
            raise Unavailable(self._why, system="redis")
        try:
            with translated():
                yield
        except Unavailable as fault:
            self._close(fault)
            raise

    async def attend(self) -> None:
        """Open the gate whenever Redis works again; runs for ever."""
        while True:
            await self._shut.wait()
            await anyio.sleep(self._every_s)
            try:
                with translated():
                    await self._probe()
            except Unavailable as fault:
                self._why = fault.message
            else:
                self._open()

    def _close(self, fault: Unavailable) -> None:
        if self._why is None:
            log.warning("hot state is away, polls are answered from the archive: %s", fault)
        self._why = fault.message
        self._shut.set()

    def _open(self) -> None:
        log.warning("hot state is back")
        self._why = None
        self._shut = anyio.Event()
