"""Whoever waits for the end of a job is woken by its event, and by nothing else."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import anyio
import pytest

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.api.ends import Ends
from storyloom.events.schemas import Draft, EventType, Subject
from storyloom.events.state import Events
from tests.until import until

AT = datetime(2026, 1, 1, tzinfo=UTC)
LONG_S, SHORT_S = 60.0, 0.02


@dataclass
class Seen:
    is_over: bool


class Job:
    """A job that is looked at."""

    def __init__(self) -> None:
        self.is_over = False
        self.looks = 0
        self.outdated: list[str] = []

    async def look(self) -> Seen:
        self.looks += 1
        return Seen(self.is_over)

    async def outdate(self, job_id: str) -> None:
        self.outdated.append(job_id)

    def end(self, events: Events, job_id: str = "a") -> None:
        self.is_over = True
        subject = Subject(kind="story_run", id=job_id)
        events.emit(Draft.of("acme", EventType.COMPLETED, subject, at=AT, cause=job_id))


@asynccontextmanager
async def running() -> AsyncGenerator[Events]:
    events = Events(MemoryEventLog(), MemoryEventBus(), streams=1)
    async with events.running():
        yield events


@pytest.fixture
def job() -> Job:
    return Job()


async def test_the_end_wakes_whoever_waits(job: Job) -> None:
    async with running() as events:
        seen: list[Seen] = []

        async def wait() -> None:
            seen.append(await Ends(events, job.outdate).awaited("a", LONG_S, job.look))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await until(lambda: events.open_streams == 1 and job.looks == 2)
            job.end(events)

        assert (seen, job.looks) == ([Seen(is_over=True)], 3)
        assert job.outdated == ["a"]
        assert events.open_streams == 0


@pytest.mark.parametrize("within_s", [0, LONG_S])
async def test_nobody_waits_for_what_has_ended(job: Job, within_s: float) -> None:
    async with running() as events:
        job.is_over = within_s > 0

        seen = await Ends(events, job.outdate).awaited("a", within_s, job.look)

        assert (seen.is_over, job.looks) == (within_s > 0, 1)


async def test_an_end_before_anybody_listens_is_seen(job: Job) -> None:
    async with running() as events:

        async def look() -> Seen:
            seen = await job.look()
            job.is_over = True
            return seen

        assert (await Ends(events, job.outdate).awaited("a", LONG_S, look)).is_over
        assert job.looks == 2


async def test_when_the_time_is_over_it_is_told_as_it_is(job: Job) -> None:
    async with running() as events:
        seen = await Ends(events, job.outdate).awaited("a", SHORT_S, job.look)

        assert (seen.is_over, job.looks) == (False, 3)


async def test_an_end_whose_event_is_lost_is_seen_later(job: Job) -> None:
    async with running() as events:

        async def look() -> Seen:
            job.is_over = job.looks > 4
            return await job.look()

        assert (
            await Ends(events, job.outdate, look_every_s=0.001).awaited("a", LONG_S, look)
        ).is_over


async def test_where_too_many_wait_one_is_answered_at_once(job: Job) -> None:
    told: list[Seen] = []
    async with running() as events:
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(Ends(events, job.outdate).awaited, "b", LONG_S, Job().look)
            await until(lambda: events.open_streams == 1)
            told.append(await Ends(events, job.outdate).awaited("a", LONG_S, job.look))
            tasks.cancel_scope.cancel()

        assert (told, job.looks) == ([Seen(is_over=False)], 1)


async def test_a_process_that_stops_lets_them_go(job: Job) -> None:
    async with running() as events:
        seen: list[Seen] = []

        async def wait() -> None:
            seen.append(await Ends(events, job.outdate).awaited("a", LONG_S, job.look))

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(wait)
            await until(lambda: events.open_streams == 1 and job.looks == 2)
            events.close()

        assert seen == [Seen(is_over=False)]
