"""Telling of events within one process."""

from collections.abc import Awaitable, Callable, Sequence

import anyio

from storyloom.events.ports import Heard
from storyloom.events.schemas import Event


class MemoryEventBus:
    """Calls all who listen at the same bus."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._listeners: list[Heard] = []

    async def publish(self, events: Sequence[Event]) -> None:
        """Tell them."""
        for heard in self._listeners:
            heard(events)

    async def listen(
        self,
        heard: Heard,
        awaited: Callable[[], Awaitable[None]],  # noqa: ARG002 - nothing has to be looked for
    ) -> None:
        """Be told; runs for ever."""
        self._listeners.append(heard)
        try:
            # What was published before.
            heard(())
            await anyio.sleep_forever()
        finally:
            self._listeners.remove(heard)
