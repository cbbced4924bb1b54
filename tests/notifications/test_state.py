"""Made once, told until acknowledged, and waited for."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from storyloom.adapters.memory.notification_store import MemoryNotificationStore
from storyloom.errors import RateLimited
from storyloom.kit.clock import ManualClock
from storyloom.notifications.ports import ACKNOWLEDGED_S
from storyloom.notifications.schemas import Notification, NotificationType
from storyloom.notifications.state import Draft, NotificationCentre, Wanted
from storyloom.notifications.waiting import Waiters
from tests.until import until

READY = NotificationType.PROMPTS_READY
DRAFT = Draft(
    type=READY,
    cause="c",
    session_timestamp=1738195200000,
    story_uuid="59f64b1e",
    episode_number=2,
    total_prompts=48,
    total_beats=48,
)


@pytest.fixture
def store(clock: ManualClock) -> MemoryNotificationStore:
    return MemoryNotificationStore(clock)


@pytest.fixture
async def centre(store: MemoryNotificationStore, clock: ManualClock) -> NotificationCentre:
    return NotificationCentre(store, clock)


async def test_the_same_cause_makes_one_notification(centre: NotificationCentre) -> None:
    first = await centre.make("default", DRAFT)
    again = await centre.make("default", DRAFT)
    other = await centre.make("default", replace(DRAFT, cause="d"))

    assert first == again
    assert first != other
    assert first.startswith("notif_")
    assert len(await centre.check("default", Wanted())) == 2


async def test_an_acknowledged_one_is_not_made_again_within_a_week(
    centre: NotificationCentre, clock: ManualClock
) -> None:
    name = await centre.make("default", DRAFT)
    await centre.acknowledge("default", name)
    clock.advance(ACKNOWLEDGED_S - 1)
    await centre.make("default", DRAFT)

    assert await centre.check("default", Wanted()) == []
    assert await centre.acknowledge("default", name)
    clock.advance(1)
    assert not await centre.acknowledge("default", name)


async def test_a_latch_is_for_as_long_as_it_is_not_released(centre: NotificationCentre) -> None:
    await centre.make("default", DRAFT, latch=True)
    await centre.make("default", replace(DRAFT, cause="d"), latch=True)
    assert len(await centre.check("default", Wanted())) == 1

    await centre.release("default", READY, DRAFT.session_timestamp)
    await centre.make("default", replace(DRAFT, cause="d"), latch=True)

    assert len(await centre.check("default", Wanted())) == 2


@asynccontextmanager
async def waiting(
    centre: NotificationCentre, org: str = "default"
) -> AsyncGenerator[asyncio.Task[list[Notification]]]:
    async def wait() -> list[Notification]:
        return list(await centre.check(org, Wanted(), wait_s=30))

    # Less than the wait, which ends by itself; and around the group, which waits for its tasks.
    async with asyncio.timeout(20), asyncio.TaskGroup() as tasks:
        before = centre.waiters.count
        task = tasks.create_task(wait())
        await until(lambda: centre.waiters.count > before)
        yield task


async def test_who_waits_is_told_at_once(centre: NotificationCentre) -> None:
    async with waiting(centre) as first, waiting(centre) as second:
        name = await centre.make("default", DRAFT)

    assert [one.id for one in (*await first, *await second)] == [name, name]
    assert centre.waiters.count == 0


async def test_news_of_others_are_no_end_of_the_wait(centre: NotificationCentre) -> None:
    async with waiting(centre) as task:
        await centre.make("acme", DRAFT)
        await asyncio.sleep(0.01)
        assert not task.done()
        await centre.make("default", DRAFT)

    assert len(await task) == 1


async def test_who_waits_for_nothing_gets_nothing(centre: NotificationCentre) -> None:
    assert await centre.check("default", Wanted(), wait_s=0.01) == []


async def test_what_another_process_made_unheard_is_told_in_the_end(
    centre: NotificationCentre, store: MemoryNotificationStore, clock: ManualClock
) -> None:
    other = NotificationCentre(store, clock)

    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(centre.check("default", Wanted(), wait_s=0.2))
        await asyncio.sleep(0.01)
        await other.make("default", DRAFT)

    assert len(task.result()) == 1


async def test_nobody_waits_when_the_process_stops(centre: NotificationCentre) -> None:
    async with waiting(centre) as task:
        centre.waiters.close()

    assert await task == []
    assert await centre.check("default", Wanted(), wait_s=30) == []


async def test_only_so_many_may_wait(centre: NotificationCentre) -> None:
    centre.waiters = Waiters(most=1)
    async with waiting(centre):
        with pytest.raises(RateLimited):
            await centre.check("default", Wanted(), wait_s=30)
        assert await centre.check("default", Wanted()) == []
        centre.waiters.close()


async def test_who_gives_up_waits_no_longer(centre: NotificationCentre) -> None:
    async with waiting(centre) as task:
        task.cancel()

    assert centre.waiters.count == 0


async def test_that_somebody_waits_is_told() -> None:
    waiters = Waiters()
    told: list[int] = []

    async def look() -> None:
        for _ in range(2):
            await waiters.somebody()
            told.append(waiters.count)
            await asyncio.sleep(0.01)

    async with asyncio.TaskGroup() as tasks:
        looking = tasks.create_task(look())
        await asyncio.sleep(0.01)
        assert told == []
        with waiters.waiting():
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert told == [1]
        await asyncio.sleep(0.03)
        assert told == [1]
        with waiters.waiting():
            await looking

    assert told == [1, 1]


async def test_a_process_that_is_alone_hears_of_no_other(centre: NotificationCentre) -> None:
    await centre.attend()
