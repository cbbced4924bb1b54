"""Waking who waits for news of something in this process, so that nobody has to look often."""

from collections.abc import Hashable

import anyio


class Bells:
    """A bell for each name. Other processes do not hear it: whoever waits looks now and then too."""

    def __init__(self) -> None:
        """To be made in the event loop."""
        self._bells: dict[Hashable, anyio.Event] = {}

    def ring(self, name: Hashable) -> None:
        """Wake everybody who waits for it."""
        bell = self._bells.pop(name, None)
        if bell is not None:
            bell.set()

    def bell(self, name: Hashable) -> anyio.Event:
        """What rings next. Take it before you look, so that nothing is missed in between."""
        return self._bells.setdefault(name, anyio.Event())
