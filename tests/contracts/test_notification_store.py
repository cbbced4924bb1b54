"""What every store of notifications promises."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from storyloom.adapters.memory.notification_store import MemoryNotificationStore
from storyloom.adapters.redis.notification_store import open_notification_store
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.notification_store import SqlNotificationStore
from storyloom.kit.clock import ManualClock
from storyloom.notifications.ports import NotificationStore
from storyloom.notifications.schemas import Notification, NotificationType

READY, BEATS = NotificationType.PROMPTS_READY, NotificationType.BEATS_READY
ALL = list(NotificationType)


@asynccontextmanager
async def in_memory(request: pytest.FixtureRequest) -> AsyncGenerator[NotificationStore]:
    yield MemoryNotificationStore(request.getfixturevalue("clock"))


@asynccontextmanager
async def in_sqlite(request: pytest.FixtureRequest) -> AsyncGenerator[NotificationStore]:
    folder: Path = request.getfixturevalue("tmp_path")
    async with open_database(f"sqlite+aiosqlite:///{folder}/jobs.sqlite") as database:
        yield SqlNotificationStore(database, request.getfixturevalue("clock"))


@asynccontextmanager
async def in_postgres(request: pytest.FixtureRequest) -> AsyncGenerator[NotificationStore]:
    url: str = request.getfixturevalue("postgres_with_tables")
    async with open_database(url) as database:
        yield SqlNotificationStore(database, request.getfixturevalue("clock"))


@asynccontextmanager
async def in_redis(request: pytest.FixtureRequest) -> AsyncGenerator[NotificationStore]:
    async with open_notification_store(request.getfixturevalue("redis_url")) as store:
        yield store


STORES = {"memory": in_memory, "sqlite": in_sqlite, "postgresql": in_postgres, "redis": in_redis}


@pytest.fixture(params=STORES)
async def store(request: pytest.FixtureRequest) -> AsyncGenerator[NotificationStore]:
    async with STORES[request.param](request) as opened:
        yield opened


def make(
    clock: ManualClock, name: str = "a", kind: NotificationType = READY, session: int = 1
) -> Notification:
    return Notification(
        id=f"notif_{name}",
        type=kind,
        session_timestamp=session,
        story_uuid="59f64b1e-ünï",
        episode_number=2,
        total_prompts=48,
        total_beats=48,
        timestamp=clock.now(),
    )


async def names(store: NotificationStore, kinds: list[NotificationType] = ALL) -> list[str]:
    found = await store.pending("default", kinds, limit=100)
    return [one.id.removeprefix("notif_") for one in found]


async def test_it_comes_back_as_it_was_kept(store: NotificationStore, clock: ManualClock) -> None:
    assert await store.add("default", make(clock), latch=True)

    assert await store.pending("default", [READY], limit=10) == [make(clock)]


async def test_it_stays_until_it_is_acknowledged(
    store: NotificationStore, clock: ManualClock
) -> None:
    await store.add("default", make(clock, "a"), latch=False)
    await store.add("default", make(clock, "b"), latch=False)

    assert await names(store) == ["a", "b"]
    assert await store.acknowledge("default", "notif_a", clock.now())
    assert await names(store) == ["b"]


async def test_to_acknowledge_again_is_no_error(
    store: NotificationStore, clock: ManualClock
) -> None:
    await store.add("default", make(clock), latch=False)

    assert await store.acknowledge("default", "notif_a", clock.now())
    assert await store.acknowledge("default", "notif_a", clock.now())
    assert not await store.acknowledge("default", "notif_b", clock.now())


async def test_one_id_is_kept_once(store: NotificationStore, clock: ManualClock) -> None:
    assert await store.add("default", make(clock), latch=False)
    assert not await store.add("default", make(clock), latch=False)
    await store.acknowledge("default", "notif_a", clock.now())
    assert not await store.add("default", make(clock), latch=False)

    assert await names(store) == []


async def test_of_many_that_add_one_at_once_one_does(
    store: NotificationStore, clock: ManualClock
) -> None:
    added: list[bool] = []

    async def add(name: str) -> None:
        added.append(await store.add("default", make(clock, name), latch=True))

    async with asyncio.TaskGroup() as tasks:
        for name in "abababababab":
            tasks.create_task(add(name))

    assert sum(added) == 1
    assert len(await names(store)) == 1


async def test_a_latch_lets_no_other_in_until_it_is_released(
    store: NotificationStore, clock: ManualClock
) -> None:
    assert await store.add("default", make(clock, "a"), latch=True)
    assert not await store.add("default", make(clock, "b"), latch=True)
    assert await store.add("default", make(clock, "c", session=2), latch=True)
    assert await store.add("default", make(clock, "d", kind=BEATS), latch=True)
    await store.acknowledge("default", "notif_a", clock.now())
    assert not await store.add("default", make(clock, "b"), latch=True)

    await store.release("default", READY, 1)
    await store.release("default", READY, 99)

    assert not await store.add("default", make(clock, "c", session=2), latch=True)
    assert await store.add("default", make(clock, "b"), latch=True)


async def test_one_that_is_there_closes_the_latch_again(
    store: NotificationStore, clock: ManualClock
) -> None:
    for acknowledged in (False, True):
        await store.add("default", make(clock, "a"), latch=True)
        await store.release("default", READY, 1)
        if acknowledged:
            await store.acknowledge("default", "notif_a", clock.now())

        assert not await store.add("default", make(clock, "a"), latch=True)
        assert not await store.add("default", make(clock, "b"), latch=True)
        assert not await store.add("default", make(clock, "a"), latch=True)


async def test_types_times_and_numbers_are_chosen(
    store: NotificationStore, clock: ManualClock
) -> None:
    for number in range(6):
        kind = BEATS if number % 2 else READY
        await store.add("default", make(clock, str(number), kind, number), latch=False)
        clock.advance(1)

    assert await names(store, [BEATS]) == ["1", "3", "5"]
    assert await names(store, [BEATS, READY]) == ["0", "1", "2", "3", "4", "5"]
    first = await store.pending("default", ALL, limit=3)
    assert [one.id for one in first] == ["notif_0", "notif_1", "notif_2"]
    later = await store.pending("default", [READY], limit=3, since=first[2].timestamp)
    assert [one.id for one in later] == ["notif_2", "notif_4"]


async def test_organisations_do_not_see_each_other(
    store: NotificationStore, clock: ManualClock
) -> None:
    await store.add("acme", make(clock), latch=True)

    assert await names(store) == []
    assert not await store.acknowledge("default", "notif_a", clock.now())
    assert await store.add("default", make(clock), latch=True)
    await store.release("default", READY, 1)
    assert not await store.add("acme", make(clock, "b"), latch=True)
    assert len(await store.pending("acme", ALL, limit=10)) == 1


async def test_who_waits_hears_of_what_another_adds(
    store: NotificationStore, clock: ManualClock
) -> None:
    heard = asyncio.Event()

    async def awaited() -> None:
        await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks, asyncio.timeout(60):
        listening = tasks.create_task(store.listen(heard.set, awaited))
        if isinstance(store, MemoryNotificationStore):
            await listening
            return
        # The first look tells what has been there before.
        await asyncio.sleep(0.1)
        heard.clear()
        clock.advance(1)
        await store.add("default", make(clock), latch=False)
        await heard.wait()
        listening.cancel()
