"""A log of events, webhooks in SQLite, and couriers that speak HTTP to a real receiver."""

from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.memory.event_bus import MemoryEventBus
from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.delivery_turn import SqlDeliveryTurn
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.adapters.webhook._addresses import Resolve, addresses_of
from storyloom.adapters.webhook.webhook_sender import open_webhook_sender
from storyloom.events.schemas import EventType
from storyloom.events.state import Events
from storyloom.kit.clock import ManualClock, SystemClock
from storyloom.webhooks.delivering import Courier, Office
from storyloom.webhooks.schemas import Delivery, MadeWebhook, NewWebhook
from storyloom.webhooks.state import Webhooks, Which
from storyloom.webhooks.targets import Allowed
from tests.tasks import tasks_of_their_own
from tests.webhooks.made import draft
from tests.webhooks.receiver import Receiver, receiving

HERE = Allowed.parse("127.0.0.1,hooks.example.com")
Couriers = Callable[..., AbstractAsyncContextManager[Courier]]


@pytest.fixture
def receiver() -> Generator[Receiver]:
    with receiving() as started:
        yield started


@pytest.fixture
def now() -> ManualClock:
    """The time of the couriers: as it is, until it is told to move."""
    return ManualClock(SystemClock().now())


@dataclass
class Shop:
    """Where tests have things happen."""

    database: AsyncEngine
    events: Events
    clock: ManualClock
    webhooks: Webhooks
    made: list[MadeWebhook] = field(default_factory=list[MadeWebhook])

    async def add(self, url: str, *, org: str = "acme", **more: Any) -> MadeWebhook:
        made = await self.webhooks.make(org, NewWebhook(url=url, **more))
        self.made.append(made)
        return made

    async def happens(self, *causes: str, type_: str = EventType.COMPLETED, **more: Any) -> None:
        await self.events.record([draft(cause, type_, **more) for cause in causes])

    async def log(self, webhook: MadeWebhook) -> Sequence[Delivery]:
        """Its deliveries, the newest first."""
        return (await self.webhooks.deliveries(webhook.org_id, webhook.id, Which(200))).data

    def courier(
        self,
        resolve: Resolve = addresses_of,
        within_s: float = 5,
        every_s: float = 0.02,
        **parts: Any,
    ) -> AbstractAsyncContextManager[Courier]:
        """One that runs for as long as the block does."""
        return _courier(self, resolve, within_s, every_s=every_s, parts=parts)


@asynccontextmanager
async def _courier(
    shop: Shop, resolve: Resolve, within_s: float, *, every_s: float, parts: dict[str, Any]
) -> AsyncGenerator[Courier]:
    async with open_webhook_sender(HERE, resolve=resolve, within_s=within_s) as sender:
        kept: dict[str, Any] = {
            "webhooks": SqlWebhookStore(shop.database),
            "deliveries": SqlDeliveryStore(shop.database),
            "turn": SqlDeliveryTurn(shop.database, shop.clock),
            "sender": sender,
        }
        courier = Courier(shop.events, Office(**(kept | parts)), shop.clock)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(courier.run_forever, every_s)
            yield courier
            tasks.cancel_scope.cancel()


@pytest.fixture
async def shop(tmp_path: Path, now: ManualClock) -> AsyncGenerator[Shop]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path}/hooks.sqlite") as database:
        events = Events(SqlEventLog(database), MemoryEventBus())
        kept = SqlWebhookStore(database), SqlDeliveryStore(database), events.log
        async with tasks_of_their_own() as tasks:
            tasks.start_soon(_running, events)
            yield Shop(database, events, now, Webhooks(*kept, now, allowed=HERE))


async def _running(events: Events) -> None:
    async with events.running():
        await anyio.sleep_forever()
