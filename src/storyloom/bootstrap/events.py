"""The log of events, and what tells other processes of them."""

from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.access.schemas import Scope
from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.sql.event_bus import SqlEventBus
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.automation.runs.export_telling import KIND as EXPORT
from storyloom.automation.runs.telling import KIND
from storyloom.bootstrap.archive import Records
from storyloom.bootstrap.snapshots import WorkSnapshots
from storyloom.events.backfill import Backfill, Happened
from storyloom.events.ports import EventBus, Untold
from storyloom.events.state import Events
from storyloom.events.views import EventViews
from storyloom.jobs.schemas import JobSummary
from storyloom.kit.clock import SystemClock
from storyloom.notifications.state import NOTIFICATION, NotificationCentre
from storyloom.settings import Settings
from storyloom.story.telling import KIND as SESSION
from storyloom.storyboard.schemas import JobType
from storyloom.storyboard.telling import accepted, end_of_summary
from storyloom.work.state import Works

_TICK = timedelta(microseconds=1)
#: What each scope of a key covers.
KINDS: Mapping[Scope, Collection[str]] = {
    Scope.STORYBOARDS: frozenset(JobType),
    Scope.STORIES: frozenset({KIND, EXPORT, SESSION, NOTIFICATION}),
}


@dataclass(frozen=True, slots=True)
class Newsroom:
    """What the routes of events call."""

    events: Events
    views: EventViews
    leave: Callable[[], None]  #: sends those away who wait for news of any kind

    @property
    def state(self) -> Mapping[str, object]:
        """What they find in the state of a request."""
        return {"event_views": self.views, "leave": self.leave}


def newsroom_of(events: Events, works: Works, notifications: NotificationCentre) -> Newsroom:
    """Put it together."""

    def leave() -> None:
        notifications.waiters.close()
        events.close()

    return Newsroom(events, EventViews(events, WorkSnapshots(works), KINDS), leave)


def backfill_of(events: Events, records: Records, untold: Untold | None) -> Backfill:
    """What tells of storyboards what was not told. Runs are written together with what they are told by."""
    clock = SystemClock()

    async def begun(since: datetime, limit: int) -> Sequence[Happened]:
        waiting = await records.archive.unfinished(
            created_after=since - _TICK, created_before=clock.now(), limit=limit
        )
        return [Happened(job.created_at, [accepted(job)]) for job in waiting]

    async def ended(since: datetime, limit: int) -> Sequence[Happened]:
        jobs = await records.index.ended_since(since, limit=limit)
        return [Happened(_end(job), [accepted(job), end_of_summary(job)]) for job in jobs]

    return Backfill(events, [begun, ended], clock, untold)


def _end(job: JobSummary) -> datetime:
    return job.completed_at or job.created_at


@asynccontextmanager
async def events_of(settings: Settings, database: AsyncEngine) -> AsyncGenerator[Events]:
    """Open them; what has been emitted is appended when they are closed."""
    async with _bus(settings) as bus:
        events = Events(SqlEventLog(database), bus, streams=settings.event_streams)
        async with events.running():
            yield events


@asynccontextmanager
async def _bus(settings: Settings) -> AsyncGenerator[EventBus]:
    if settings.redis_url is not None:
        from storyloom.adapters.redis.event_bus import open_event_bus  # noqa: PLC0415 - it is large

        async with open_event_bus(settings.redis_url.get_secret_value()) as bus:
            yield bus
    elif settings.database_url is not None:
        yield SqlEventBus()
    else:
        yield MemoryEventBus()
