"""What a crash kept from being told is told later, and once."""

import logging
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import anyio
import pytest

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.memory.event_log import MemoryEventLog
from storyloom.errors import Unavailable
from storyloom.events import backfill
from storyloom.events.backfill import GRACE, MARGIN, Backfill, Happened
from storyloom.events.schemas import Draft, EventType, Subject
from storyloom.events.state import Events
from storyloom.kit.clock import ManualClock
from tests.until import until


class Jobs:
    """Jobs that have ended, and when each round looked from."""

    def __init__(self, clock: ManualClock) -> None:
        self.ends: list[Draft] = []
        self.looks: list[datetime] = []
        self.faults = 0
        self._clock = clock

    def end(self, name: str, ago: timedelta = timedelta(minutes=1)) -> Draft:
        subject, at = Subject(kind="code_to_storyboard", id=name), self._clock.now() - ago
        made = Draft.of("acme", EventType.COMPLETED, subject, at=at, cause=f"{name}:end")
        self.ends = sorted([*self.ends, made], key=lambda end: end.at)
        return made

    async def since(self, at: datetime, limit: int) -> Sequence[Happened]:
        self.looks.append(at)
        if self.faults:
            self.faults -= 1
            raise Unavailable("away")
        return [Happened(end.at, [end]) for end in self.ends if end.at >= at][:limit]


@pytest.fixture
def kept() -> MemoryEventLog:
    return MemoryEventLog()


@pytest.fixture
def jobs(clock: ManualClock) -> Jobs:
    return Jobs(clock)


@pytest.fixture
async def late(kept: MemoryEventLog, jobs: Jobs, clock: ManualClock) -> Backfill:
    return Backfill(Events(kept, MemoryEventBus()), [jobs.since, jobs.since], clock)


async def test_what_was_not_told_is_told_once(
    late: Backfill, kept: MemoryEventLog, jobs: Jobs
) -> None:
    await kept.append([jobs.end("told")])
    lost = jobs.end("lost")

    assert await late.run_once() == 1
    assert await late.run_once() == 0
    assert [event.id for event in kept._events][1:] == [lost.id]


async def test_an_end_of_just_now_is_left_to_whoever_ended_it(
    late: Backfill, jobs: Jobs, clock: ManualClock
) -> None:
    jobs.end("fresh", timedelta())
    assert await late.run_once() == 0
    clock.advance(GRACE.total_seconds())

    assert await late.run_once() == 1


async def test_after_weeks_it_looks_from_the_last_event_on(
    late: Backfill, kept: MemoryEventLog, jobs: Jobs, clock: ManualClock
) -> None:
    await kept.append([jobs.end("told", timedelta(0))])
    lost = jobs.end("lost", -timedelta(seconds=1))
    clock.advance(timedelta(weeks=3).total_seconds())

    assert await late.run_once() == 1
    assert kept._events[-1].id == lost.id
    assert jobs.looks[0] == kept._events[0].at - MARGIN
    jobs.looks.clear()
    await late.run_once()
    assert jobs.looks[0] == clock.now() - backfill.OVERLAP


async def test_what_ended_before_there_was_a_log_is_no_news(late: Backfill, jobs: Jobs) -> None:
    jobs.end("old", timedelta(days=1))

    assert await late.run_once() == 0


async def test_many_are_looked_at_in_pieces(
    late: Backfill, kept: MemoryEventLog, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also more of one instant than fit into one piece: then those of the next are not left out."""
    monkeypatch.setattr(backfill, "PAGE", 3)
    for number in range(7):
        jobs.end(f"a{number}", timedelta(seconds=10 + number // 2))
    jobs.end("b", timedelta(seconds=9))

    assert await late.run_once() == 8
    for number in range(4):
        jobs.end(f"c{number}", timedelta(seconds=8))
    jobs.end("d", timedelta(seconds=7))
    await late.run_once()

    assert "d" in {event.subject.id for event in kept._events}


async def test_a_fault_is_no_end_of_it(
    late: Backfill, kept: MemoryEventLog, jobs: Jobs, caplog: pytest.LogCaptureFixture
) -> None:
    jobs.faults = 1
    jobs.end("lost")
    with caplog.at_level(logging.WARNING):
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(late.run_forever, 0.01)
            await until(lambda: len(kept._events) == 1)
            tasks.cancel_scope.cancel()

    assert "have to wait" in caplog.text
    assert "1 events had not been told" in caplog.text


class Kept:
    """Drafts that are kept apart from the log."""

    def __init__(self, *drafts: Draft) -> None:
        self.drafts = {draft.id: draft for draft in drafts}

    async def untold(self, *, limit: int) -> Sequence[Draft]:
        return list(self.drafts.values())[:limit]

    async def strike_off(self, names: Collection[str]) -> None:
        for name in names:
            del self.drafts[name]


async def test_what_is_kept_apart_from_the_log_is_told_once_and_struck_off(
    kept: MemoryEventLog, jobs: Jobs, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backfill, "PAGE", 3)
    known, *lost = [jobs.end(name) for name in "abcd"]
    fresh = jobs.end("fresh", timedelta())
    untold = Kept(known, *lost, fresh)
    await kept.append([known])
    late = Backfill(Events(kept, MemoryEventBus()), [], clock, untold)

    assert [await late.run_once() for _ in range(3)] == [2, 1, 0]
    assert list(untold.drafts) == [fresh.id]
    clock.advance(GRACE.total_seconds())
    assert [await late.run_once() for _ in range(2)] == [1, 0]

    assert untold.drafts == {}
    assert [event.id for event in kept._events] == [d.id for d in (known, *lost, fresh)]
