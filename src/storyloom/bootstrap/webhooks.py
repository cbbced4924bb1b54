"""Webhooks: where they are kept, and what delivers."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial

from anyio import to_thread
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._database import open_database
from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.delivery_turn import SqlDeliveryTurn
from storyloom.adapters.sql.event_log import SqlEventLog
from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.bootstrap.archive import bring_up_to_date, database_url
from storyloom.bootstrap.lock import make_folder
from storyloom.events.state import Events
from storyloom.kit.clock import SystemClock
from storyloom.settings import Settings
from storyloom.webhooks.delivering import Courier, Office
from storyloom.webhooks.late import LateWebhookSender
from storyloom.webhooks.ports import WebhookSender
from storyloom.webhooks.state import Webhooks
from storyloom.webhooks.targets import Allowed


def webhooks_of(settings: Settings, database: AsyncEngine) -> Webhooks:
    """What the routes and commands of webhooks call."""
    kept = (SqlWebhookStore(database), SqlDeliveryStore(database), SqlEventLog(database))
    return Webhooks(*kept, SystemClock(), allowed=Allowed.parse(settings.webhook_allow))


@asynccontextmanager
async def open_webhooks(settings: Settings) -> AsyncGenerator[Webhooks]:
    """Open them beside a running server or before the first.

    They lie with the engine, as keys do. Raises `Misconfigured`, or `Unavailable`.
    """
    if settings.database_url is not None:
        await to_thread.run_sync(bring_up_to_date, settings)
    else:
        await to_thread.run_sync(make_folder, settings.data_dir)
    async with open_database(database_url(settings)) as database:
        yield webhooks_of(settings, database)


async def deliver_forever(settings: Settings, database: AsyncEngine, events: Events) -> None:
    """Deliver for as long as the process lives, while it is this one's turn."""
    clock = SystemClock()
    async with AsyncExitStack() as stack:
        sender = LateWebhookSender(partial(_sender, Allowed.parse(settings.webhook_allow), stack))
        kept = SqlWebhookStore(database), SqlDeliveryStore(database)
        office = Office(*kept, SqlDeliveryTurn(database, clock), sender)
        await Courier(events, office, clock).run_forever()


async def _sender(allowed: Allowed, stack: AsyncExitStack) -> WebhookSender:
    open_sender = await to_thread.run_sync(_load)
    return await stack.enter_async_context(open_sender(allowed))


def _load():  # noqa: ANN202 - it has the type of what it gives
    from storyloom.adapters.webhook.webhook_sender import open_webhook_sender  # noqa: PLC0415

    return open_webhook_sender
