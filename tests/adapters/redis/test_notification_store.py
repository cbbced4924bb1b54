"""Notifications in a real Redis, which other services read."""

import asyncio
import json
from collections.abc import AsyncGenerator
from functools import partial
from typing import Any

import pytest

from storyloom.adapters.redis import _client, notification_store
from storyloom.adapters.redis.notification_store import (
    RedisNotificationStore,
    open_notification_store,
)
from storyloom.adapters.redis.untold import open_untold
from storyloom.events.schemas import Draft, Subject
from storyloom.kit.clock import ManualClock
from storyloom.notifications.ports import ACKNOWLEDGED_S
from storyloom.notifications.schemas import Notification, NotificationType
from tests.databases import redis_running

READY = NotificationType.PROMPTS_READY


def make(clock: ManualClock, name: str = "a") -> Notification:
    return Notification(
        id=f"notif_{name}",
        type=READY,
        session_timestamp=1738195200000,
        story_uuid="59f64b1e",
        episode_number=2,
        total_prompts=48,
        total_beats=48,
        timestamp=clock.now(),
    )


@pytest.fixture
async def store(redis_url: str) -> AsyncGenerator[RedisNotificationStore]:
    async with open_notification_store(redis_url) as store:
        yield store


async def names(store: RedisNotificationStore, limit: int = 10) -> list[str]:
    return [one.id for one in await store.pending("default", [READY], limit=limit)]


async def test_others_find_the_documented_structure(
    store: RedisNotificationStore, other: Any, clock: ManualClock
) -> None:
    await store.add("default", make(clock), latch=True)
    await store.add("acme", make(clock), latch=True)

    [(member, score)] = other.zrange("notifications:pending", 0, -1, withscores=True)
    assert score == clock.now().timestamp() * 1000
    assert json.loads(member) == {
        "id": "notif_a",
        "type": "prompts_ready",
        "sessionTimestamp": 1738195200000,
        "storyUuid": "59f64b1e",
        "episodeNumber": 2,
        "totalPrompts": 48,
        "totalBeats": 48,
        "timestamp": "2026-01-01T00:00:00Z",
        "acknowledged": False,
    }
    assert other.zcard("org:acme:notifications:pending") == 1


async def test_an_acknowledged_one_expires(
    store: RedisNotificationStore, other: Any, clock: ManualClock
) -> None:
    await store.add("default", make(clock), latch=False)

    await store.acknowledge("default", "notif_a", clock.now())

    assert other.zcard("notifications:pending") == 0
    assert ACKNOWLEDGED_S - 60 < int(str(other.ttl("notifications:ack:notif_a"))) <= ACKNOWLEDGED_S
    assert other.keys("*") == [b"notifications:ack:notif_a"]


async def test_one_that_another_service_took_off_is_told_no_longer(
    store: RedisNotificationStore, other: Any, clock: ManualClock
) -> None:
    for name in "abcdef":
        await store.add("default", make(clock, name), latch=False)
    [first, *_] = other.zrange("notifications:pending", 0, 0)
    other.zrem("notifications:pending", first)
    other.set("notifications:ack:notif_c", "2026-01-01T00:00:00Z")
    other.hdel(notification_store.BODIES, "notif_d")

    assert await names(store, limit=2) == ["notif_b", "notif_e"]
    assert await names(store) == ["notif_b", "notif_e", "notif_f"]
    assert await store.acknowledge("default", "notif_c", clock.now())
    assert not await store.acknowledge("default", "notif_a", clock.now())
    assert other.zcard(f"{notification_store.OF_TYPE}{READY}") == 3


async def test_who_listens_hears_again_after_an_outage(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notification_store, "TRY_EVERY_S", 0.01)
    heard = asyncio.Event()
    never = asyncio.Event().wait

    async def awaited() -> None:
        await never()

    with redis_running() as server:
        async with (
            asyncio.timeout(40),
            open_notification_store(server.url) as store,
            asyncio.TaskGroup() as tasks,
        ):
            listening = tasks.create_task(store.listen(heard.set, awaited))
            await heard.wait()
            server.stop()
            heard.clear()
            server.start()
            await heard.wait()
            heard.clear()
            await store.add("default", make(clock), latch=False)
            await heard.wait()
            listening.cancel()


async def test_a_redis_that_hangs_is_noticed(
    clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notification_store, "TRY_EVERY_S", 0.01)
    monkeypatch.setattr(_client, "SILENCE_S", 0.2)
    heard = asyncio.Semaphore(0)

    async def awaited() -> None: ...

    with redis_running() as server:
        async with (
            asyncio.timeout(40),
            open_notification_store(server.url) as store,
            asyncio.TaskGroup() as tasks,
        ):
            listening = tasks.create_task(store.listen(heard.release, awaited))
            await heard.acquire()
            # Long enough for a silence, and for the question to be answered.
            await asyncio.sleep(0.5)
            server.pause()
            await asyncio.sleep(1)
            server.resume()
            await heard.acquire()
            listening.cancel()


def draft(clock: ManualClock, name: str) -> Draft:
    subject = Subject(kind="notification", id=name)
    return Draft.of(
        "acme", "notification.created", subject, at=clock.now(), data={"a": "ü"}, cause=name
    )


async def test_what_one_is_told_by_is_kept_until_it_is_struck_off(
    store: RedisNotificationStore, clock: ManualClock, redis_url: str
) -> None:
    told = partial(draft, clock)
    for name in "ab":
        for _ in range(2):
            await store.add("acme", make(clock, name), latch=False, told=told(name))
    await store.add("acme", make(clock, "c"), latch=False)

    async with open_untold(redis_url) as kept:
        assert {draft.id: draft for draft in await kept.untold(limit=9)} == {
            draft.id: draft for draft in map(told, "ab")
        }
        await kept.strike_off([told("a").id])
        assert await kept.untold(limit=9) == [told("b")]
        await kept.strike_off([told("b").id])
        assert await kept.untold(limit=9) == []
