"""Webhooks: events told to other services, and the log of what they answered."""

from collections.abc import Iterable

import storyloom.client.operations as ops
from storyloom.client.bodies import given
from storyloom.client.faces import F, Group, operation
from storyloom.webhooks.schemas import (
    Delivery,
    DeliveryList,
    DeliveryStatus,
    MadeWebhook,
    Webhook,
    WebhookList,
    WholeDelivery,
)


class Webhooks(Group[F]):
    """The webhooks of the caller's organisation."""

    @operation
    async def list(self) -> WebhookList:
        """All of them, without their secrets."""
        return await self.line.ask(ops.LIST_WEBHOOKS)

    @operation
    async def create(
        self, url: str, *, types: Iterable[str] | None = None, description: str | None = None
    ) -> MadeWebhook:
        """Have events told to an address. Only this answer shows the secret."""
        body = given(url=url, types=_listed(types), description=description)
        return await self.line.ask(ops.CREATE_WEBHOOK, body=body)

    @operation
    async def get(self, webhook_id: str) -> Webhook:
        """One of them."""
        return await self.line.ask(ops.GET_WEBHOOK, _named(webhook_id))

    @operation
    async def change(
        self,
        webhook_id: str,
        *,
        url: str | None = None,
        types: Iterable[str] | None = None,
        description: str | None = None,
        enabled: bool | None = None,
    ) -> Webhook:
        """Change what is given; `enabled` stops all deliveries, and lets them go on."""
        body = given(url=url, types=_listed(types), description=description, enabled=enabled)
        return await self.line.ask(ops.CHANGE_WEBHOOK, _named(webhook_id), body=body)

    @operation
    async def delete(self, webhook_id: str) -> None:
        """Remove it with the log of its deliveries."""
        await self.line.ask(ops.DELETE_WEBHOOK, _named(webhook_id))

    @operation
    async def test(self, webhook_id: str) -> Delivery:
        """Have a message sent to try it."""
        return await self.line.ask(ops.TEST_WEBHOOK, _named(webhook_id))

    @operation
    async def rotate(self, webhook_id: str) -> MadeWebhook:
        """Give it a new secret; for a day messages are signed with the old one too."""
        return await self.line.ask(ops.ROTATE_WEBHOOK, _named(webhook_id))

    @operation
    async def deliveries(
        self,
        webhook_id: str,
        *,
        status: DeliveryStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> DeliveryList:
        """What was sent, and what was answered, the newest first."""
        query = {"status": status, "limit": limit, "cursor": cursor}
        return await self.line.ask(ops.LIST_DELIVERIES, _named(webhook_id), query=query)

    @operation
    async def delivery(self, webhook_id: str, delivery_id: str) -> WholeDelivery:
        """One delivery, with the body that is sent."""
        return await self.line.ask(ops.GET_DELIVERY, _named(webhook_id, delivery_id))

    @operation
    async def replay(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Send it again now."""
        return await self.line.ask(ops.REPLAY_DELIVERY, _named(webhook_id, delivery_id))


def _listed(types: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if types is None else tuple(types)


def _named(webhook_id: str, delivery_id: str = "") -> dict[str, str]:
    return {"webhook_id": webhook_id, "delivery_id": delivery_id}
