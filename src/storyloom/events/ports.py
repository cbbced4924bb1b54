"""What events need from outside: a log that outlives processes, and a way to tell other processes."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from storyloom.access.schemas import Caller
from storyloom.events.schemas import EVERYTHING, Draft, Event, Filter, Snapshot, Span, Subject

Heard = Callable[[Sequence[Event]], None]


class EventLog(Protocol):
    """Keeps events in one order for all. What returns without an error is on disk.

    Numbers follow each other without a hole, and an event can be read only after all that have
    smaller ones: whoever has read up to a number has missed nothing. Every method raises
    `Unavailable` when the log does not answer.
    """

    async def append(self, drafts: Sequence[Draft]) -> Sequence[Event]:
        """Keep those whose ids are not there yet, all at once, and give them in their order."""
        ...

    async def after(self, seq: int, *, limit: int, wanted: Filter = EVERYTHING) -> Sequence[Event]:
        """Events with greater numbers than this one, in their order."""
        ...

    async def span(self) -> Span:
        """Which numbers are kept."""
        ...

    async def known(self, ids: Collection[str]) -> Collection[str]:
        """Those of the ids that are there."""
        ...

    async def last_end(self, org_id: str | None, subject: Subject) -> Event | None:
        """The last event by which the subject ended, or None."""
        ...

    async def forget(self, *, before: datetime) -> int:
        """Remove the events of before this time; how many. The last one of all always stays."""
        ...


class Emitter(Protocol):
    """Where features say what has happened, as `Events` does."""

    def emit(self, *drafts: Draft) -> None:
        """Append them soon. Returns at once, in any thread, and never raises.

        What is in the log already is only told: whoever follows looks.
        """
        ...


class Untold(Protocol):
    """Keeps drafts together with what they tell of, apart from the log, until the log has them."""

    async def untold(self, *, limit: int) -> Sequence[Draft]:
        """Some of them; the log may have them by now."""
        ...

    async def strike_off(self, names: Collection[str]) -> None:
        """The log has those of these ids."""
        ...


class EventBus(Protocol):
    """Tells other processes of events that have just been appended. What it loses, the log has."""

    async def publish(self, events: Sequence[Event]) -> None:
        """Tell them; raises `Unavailable`, and then they find out by themselves, later."""
        ...

    async def listen(self, heard: Heard, awaited: Callable[[], Awaitable[None]]) -> None:
        """Call `heard` with what others publish, and with nothing when some may have been missed.

        Runs for ever. Need not look while nobody waits: `awaited` returns when somebody does.
        """
        ...


class Snapshots(Protocol):
    """Where jobs are looked up."""

    async def of(self, org_id: str, caller: Caller, job_id: str) -> Snapshot:
        """What it is like now; raises `NotFound`, also for what the caller may not see."""
        ...
