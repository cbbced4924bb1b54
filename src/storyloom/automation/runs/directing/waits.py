"""Waiting, which is never done without a reason that people can read.

All of the director's sleeping goes through here; a test holds the rest of the folder to it.
"""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

import anyio

from storyloom.automation.runs.schemas import WaitCode, WaitingOn
from storyloom.kit.clock import Clock


class Place:
    """Where one who works waits: for one thing at a time, and for nothing while at work."""

    def __init__(self, waits: "Waits") -> None:
        """Use `Waits.place`."""
        self._waits = waits
        self.reason: WaitingOn | None = None

    def say(self, code: WaitCode, detail: str, until: datetime | None = None) -> None:
        """Say what is waited for from now on."""
        before = self.reason
        is_same = before is not None and before.code is code
        since = before.since if before is not None and is_same else self._waits.clock.now()
        self.reason = WaitingOn(code=code, detail=detail, since=since, until=until)
        if self.reason != before:
            self._waits.tell()

    def clear(self) -> None:
        """Nothing is waited for any more."""
        self.reason = None
        self._waits.tell()

    async def nap(
        self,
        code: WaitCode,
        detail: str,
        seconds: float,
        *,
        until: datetime | None = None,
        news: anyio.Event | None = None,
    ) -> None:
        """Wait so long for this, or until there is news.

        The reason stands until another is said, so that it does not flicker while one looks again.
        """
        self.say(code, detail, until)
        with anyio.move_on_after(seconds):
            await (news or anyio.Event()).wait()


class Waits:
    """All that a run waits for now."""

    def __init__(self, clock: Clock) -> None:
        """To be made in the event loop."""
        self.clock = clock
        self._places: list[Place] = []
        self.changed = anyio.Event()

    @contextmanager
    def place(self) -> Generator[Place]:
        """A place for one who may have to wait; what it waits for ends with the block."""
        place = Place(self)
        self._places.append(place)
        try:
            yield place
        finally:
            self._places.remove(place)
            if place.reason is not None:
                self.tell()

    @contextmanager
    def on(self, code: WaitCode, detail: str, until: datetime | None = None) -> Generator[Place]:
        """Wait for this inside the block, which does the waiting itself."""
        with self.place() as place:
            place.say(code, detail, until)
            yield place

    @property
    def reasons(self) -> tuple[WaitingOn, ...]:
        """What is waited for, each code once: since the first waits for it, as the last says it."""
        found: dict[WaitCode, WaitingOn] = {}
        for place in self._places:
            if (one := place.reason) is not None:
                first = found.get(one.code, one)
                since = min(one.since, first.since)
                found[one.code] = one.model_copy(update={"since": since})
        return tuple(found.values())

    async def pulse(self, seconds: float, event: anyio.Event | None = None) -> None:
        """Let some time go by until one looks again, or until this rings.

        For those who look: what is waited for meanwhile is said by whoever has nothing to do.
        """
        with anyio.move_on_after(seconds):
            await (event or anyio.Event()).wait()

    def tell(self) -> None:
        """Wake whoever shows the reasons to people."""
        self.changed.set()
        self.changed = anyio.Event()
