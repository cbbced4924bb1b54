"""What is particular to notifications in SQL."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql import notification_store
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql._tables import notifications as t
from storyloom.adapters.sql.notification_store import SqlNotificationStore
from storyloom.kit.clock import ManualClock
from storyloom.notifications.ports import ACKNOWLEDGED_S
from storyloom.notifications.schemas import Notification, NotificationType
from tests.until import until


@pytest.fixture
async def database(tmp_path: Path) -> AsyncGenerator[AsyncEngine]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/jobs.sqlite") as database:
        yield database


@pytest.fixture
def store(database: AsyncEngine, clock: ManualClock) -> SqlNotificationStore:
    return SqlNotificationStore(database, clock)


def make(clock: ManualClock, number: int) -> Notification:
    return Notification(
        id=f"notif_{number}",
        type=NotificationType.PROMPTS_READY,
        session_timestamp=number,
        story_uuid="",
        episode_number=0,
        total_prompts=1,
        total_beats=1,
        timestamp=clock.now(),
    )


async def kept(database: AsyncEngine) -> list[str]:
    async with database.connect() as connection:
        return list((await connection.execute(sa.select(t.c.id).order_by(t.c.id))).scalars())


async def test_after_a_week_only_latches_are_kept(
    store: SqlNotificationStore, database: AsyncEngine, clock: ManualClock
) -> None:
    for number in (1, 2, 3):
        await store.add("default", make(clock, number), latch=number == 1)
    for number in (1, 2):
        await store.acknowledge("default", f"notif_{number}", clock.now())
    clock.advance(ACKNOWLEDGED_S + 1)
    await store.add("default", make(clock, 4), latch=False)

    assert await kept(database) == ["notif_1", "notif_3", "notif_4"]
    assert not await store.acknowledge("default", "notif_1", clock.now())
    assert not await store.add("default", make(clock, 1), latch=True)
    await store.release("default", NotificationType.PROMPTS_READY, 1)
    await store.add("default", make(clock, 5), latch=False)
    assert await kept(database) == ["notif_3", "notif_4", "notif_5"]


class Heard:
    """What somebody hears who waits all the time."""

    def __init__(self, store: SqlNotificationStore) -> None:
        self._store = store
        self.rounds = 0
        self.times = 0

    @asynccontextmanager
    async def listening(self) -> AsyncGenerator["Heard"]:
        async with asyncio.TaskGroup() as tasks:
            listening = tasks.create_task(self._store.listen(self._hear, self._awaited))
            yield self
            listening.cancel()

    async def go_on(self) -> None:
        """Look some times more."""
        enough = self.rounds + 4
        await until(lambda: self.rounds >= enough)

    def _hear(self) -> None:
        self.times += 1

    async def _awaited(self) -> None:
        self.rounds += 1


@pytest.fixture
def _looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notification_store, "LOOK_EVERY_S", 0.001)


@pytest.mark.usefixtures("_looks_often")
async def test_only_news_are_told(store: SqlNotificationStore, clock: ManualClock) -> None:
    async with Heard(store).listening() as heard:
        await heard.go_on()
        assert heard.times == 0
        await store.add("default", make(clock, 1), latch=False)
        await until(lambda: heard.times == 1)
        await heard.go_on()

    assert heard.times == 1


@pytest.mark.usefixtures("_looks_often")
async def test_a_fault_is_outlived(
    store: SqlNotificationStore, database: AsyncEngine, clock: ManualClock
) -> None:
    async def rename(old: str, new: str) -> None:
        async with database.begin() as connection:
            await connection.execute(sa.text(f"ALTER TABLE {old} RENAME TO {new}"))

    async with Heard(store).listening() as heard:
        await rename("storyloom_notifications", "away")
        await heard.go_on()
        await rename("away", "storyloom_notifications")
        await store.add("default", make(clock, 1), latch=False)
        await until(lambda: heard.times == 1)
