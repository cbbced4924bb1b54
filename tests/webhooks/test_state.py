"""What users do with webhooks, where others do the same at that moment."""

from datetime import datetime

import pytest

from storyloom.adapters.sql.delivery_store import SqlDeliveryStore
from storyloom.adapters.sql.webhook_store import SqlWebhookStore
from storyloom.webhooks.errors import DeliveryNotFound, WebhookNotFound
from storyloom.webhooks.schemas import WebhookChange, WholeDelivery
from storyloom.webhooks.state import Webhooks
from storyloom.webhooks.targets import Allowed
from tests.webhooks.conftest import Shop


class Forgetting(SqlDeliveryStore):
    """Forgets a delivery just before it is to be sent again."""

    async def again(self, webhook_id: str, delivery_id: str, at: datetime) -> WholeDelivery | None:
        await self.forget(before=at.replace(year=at.year + 1))
        return await super().again(webhook_id, delivery_id, at)


class Removing(SqlWebhookStore):
    """Removes a webhook just before it is changed."""

    async def change(self, org_id: str, webhook_id: str, how: object) -> None:
        del how
        await self.remove(org_id, webhook_id)


async def test_a_delivery_may_be_forgotten_in_between(shop: Shop) -> None:
    hook = await shop.add("https://example.com/")
    sent = await shop.webhooks.test("acme", hook.id)
    kept = SqlWebhookStore(shop.database), Forgetting(shop.database)
    webhooks = Webhooks(*kept, shop.events.log, shop.clock, allowed=Allowed())

    with pytest.raises(DeliveryNotFound):
        await webhooks.replay("acme", hook.id, sent.id)


async def test_a_webhook_may_be_removed_in_between(shop: Shop) -> None:
    hook = await shop.add("https://example.com/")
    kept = Removing(shop.database), SqlDeliveryStore(shop.database)
    webhooks = Webhooks(*kept, shop.events.log, shop.clock, allowed=Allowed())

    with pytest.raises(WebhookNotFound):
        await webhooks.change("acme", hook.id, WebhookChange(description="mine"))
