"""What every bus of events promises: what one process publishes, others come to know."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.redis import event_bus
from storyloom.adapters.redis.event_bus import open_event_bus
from storyloom.adapters.sql.event_bus import SqlEventBus
from storyloom.events.ports import EventBus
from storyloom.events.schemas import Event, Subject
from tests.until import until

Ends = tuple[EventBus, EventBus]
EVENT = Event(
    seq=7,
    id="evt_ü",
    type="job.progress",
    at=datetime(2026, 3, 1, tzinfo=UTC),
    org_id="acme",
    subject=Subject(kind="story_run", id="r1"),
    data={"stage": "draw"},
)


@asynccontextmanager
async def in_memory(_: pytest.FixtureRequest) -> AsyncGenerator[Ends]:
    bus = MemoryEventBus()
    yield bus, bus


@asynccontextmanager
async def in_redis(request: pytest.FixtureRequest) -> AsyncGenerator[Ends]:
    url: str = request.getfixturevalue("redis_url")
    async with open_event_bus(url) as one, open_event_bus(url) as other:
        yield one, other


@asynccontextmanager
async def by_looking(_: pytest.FixtureRequest) -> AsyncGenerator[Ends]:
    yield SqlEventBus(), SqlEventBus()


BUSES = {"memory": in_memory, "redis": in_redis, "sql": by_looking}


@pytest.fixture(autouse=True)
def _a_busy_machine_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_bus, "PUBLISH_WITHIN_S", 10)


@pytest.fixture(params=BUSES)
async def ends(request: pytest.FixtureRequest) -> AsyncGenerator[Ends]:
    async with BUSES[request.param](request) as opened:
        yield opened


class Listener:
    """What is heard at one end."""

    def __init__(self) -> None:
        self.told: list[Event] = []
        self.looks = 0

    def heard(self, events: Sequence[Event]) -> None:
        self.told += events
        self.looks += not events


@asynccontextmanager
async def listening(bus: EventBus) -> AsyncGenerator[Listener]:
    listener = Listener()

    async def somebody() -> None:
        """There always is."""

    task = asyncio.get_running_loop().create_task(bus.listen(listener.heard, somebody))
    await until(lambda: listener.looks > 0)
    yield listener
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_others_come_to_know(ends: Ends) -> None:
    """By being told, or by being told to look."""
    async with listening(ends[1]) as here:
        looks = here.looks
        await ends[0].publish([EVENT, EVENT])

        await until(lambda: bool(here.told) or here.looks > looks)

    assert here.told in ([], [EVENT, EVENT])


async def test_whoever_begins_to_listen_looks_first(ends: Ends) -> None:
    await ends[0].publish([EVENT])

    async with listening(ends[1]) as here:
        assert here.looks


async def test_nobody_has_to_listen(ends: Ends) -> None:
    await ends[0].publish([EVENT])
