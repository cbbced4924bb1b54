"""What the director knows of a run, and the only way in which it writes."""

import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import TypeVar

import anyio

from storyloom.automation.runs.ports import RunEdit, RunStore, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot
from storyloom.errors import Unavailable

T = TypeVar("T")
log = logging.getLogger(__name__)
FIRST_WAIT_S, LONGEST_WAIT_S = 0.2, 5.0
#: Says what is waited for, for as long as the block lasts.
Telling = Callable[[str], AbstractContextManager[object]]


class Slate:
    """The run and its shots as they were last seen; every change is made under the run's epoch.

    A change raises `Superseded` when another process has taken the run up. A store that is away is
    waited for: whatever is in hand is not given up because it cannot be written down at once.
    """

    def __init__(self, store: RunStore, run: Run, shots: Iterable[Shot]) -> None:
        """Take what was read after the run was claimed."""
        self._store = store
        self.run = run
        self._shots = {shot.id: shot for shot in shots}
        self._heeded = (run.edits, run.wanted)
        self._news = anyio.Event()
        self._orders = anyio.Event()
        #: Tells of a store that is away; to be set by whoever has a place to tell it.
        self.telling: Telling = nullcontext
        #: Called whenever there is news.
        self.heard: Callable[[], None] = lambda: None

    @property
    def shots(self) -> Mapping[str, Shot]:
        """The shots by their ids, in the story's order."""
        return self._shots

    def news(self) -> anyio.Event:
        """What rings when a shot has changed, or somebody asks something. Take it before you look."""
        return self._news

    def orders(self) -> anyio.Event:
        """What rings when somebody asks something of the run. Take it before you look."""
        return self._orders

    def rouse(self) -> None:
        """Wake whoever waits for news."""
        self._news.set()
        self._news = anyio.Event()
        self.heard()

    async def change(self, edit: RunEdit) -> Run:
        """Change the run. The edit may be called again after it was made: it has to set, not add."""
        epoch = self.run.epoch
        self.run = await self._outlast(lambda: self._store.change(self.run.id, edit, epoch=epoch))
        return self.run

    async def change_shot(self, name: str, edit: ShotEdit, *, is_news: bool = True) -> Shot:
        """Change a shot, by an edit of the same kind."""
        changed = await self._outlast(
            lambda: self._store.change_shot(self.run.id, name, edit, epoch=self.run.epoch)
        )
        self._shots[name] = changed
        if is_news:
            self.rouse()
        return changed

    async def add_shots(self, shots: list[Shot]) -> None:
        """Keep new shots; those that are there already stay as they are."""
        await self._outlast(lambda: self._store.add_shots(self.run.id, shots, epoch=self.run.epoch))
        await self._read_shots()

    async def look(self) -> None:
        """Read the run, and its shots where somebody has asked something; may raise `Unavailable`."""
        known = self.run
        found = await self._store.get(known.id)
        if found is None or found.epoch != known.epoch:
            # The change raises what is the matter.
            found = await self._store.change(known.id, lambda run: run, epoch=known.epoch)
        self.run = found
        asked = (found.edits, found.wanted)
        if asked == self._heeded:
            return
        if found.edits != self._heeded[0]:
            await self._read_shots()
        self._heeded = asked
        self._orders.set()
        self._orders = anyio.Event()
        self.rouse()

    @property
    def heeded(self) -> int:
        """Of how many edits by people it is known what they ask."""
        return self._heeded[0]

    async def _read_shots(self) -> None:
        found = await self._outlast(lambda: self._store.shots(self.run.id))
        self._shots = {shot.id: shot for shot in found}
        self.rouse()

    async def _outlast(self, call: Callable[[], Awaitable[T]]) -> T:
        return await outlast(call, self.telling)


async def outlast(call: Callable[[], Awaitable[T]], telling: Telling = nullcontext) -> T:
    """What the call gives, once the store is there."""
    wait_s = FIRST_WAIT_S
    while True:
        try:
            return await call()
        except Unavailable as fault:
            reason = fault.message
        log.warning("a run waits for its store", extra={"reason": reason})
        with telling(reason):
            await anyio.sleep(wait_s)
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)
