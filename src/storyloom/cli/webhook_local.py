"""Webhooks in the database itself, asked as the client asks a server."""

from collections.abc import Iterable

from storyloom.client.bodies import given
from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.webhooks.schemas import (
    Delivery,
    DeliveryList,
    DeliveryStatus,
    MadeWebhook,
    NewWebhook,
    Webhook,
    WebhookChange,
    WebhookList,
    WholeDelivery,
)
from storyloom.webhooks.state import Webhooks, Which


class LocalWebhooks:
    """The same methods, beside a running server, which sends, or before the first."""

    def __init__(self, webhooks: Webhooks, org: str | None) -> None:
        """Take the open webhooks, and whose are meant."""
        self._webhooks = webhooks
        self._org = org or DEFAULT_ORG

    async def list(self) -> WebhookList:
        """All of the organisation."""
        return await self._webhooks.all(self._org)

    async def create(
        self, url: str, *, types: Iterable[str] | None = None, description: str | None = None
    ) -> MadeWebhook:
        """Make one."""
        wanted = given(url=url, types=types, description=description)
        return await self._webhooks.make(self._org, NewWebhook.model_validate(wanted))

    async def change(self, webhook_id: str, *, enabled: bool | None = None) -> Webhook:
        """Enable or disable it."""
        return await self._webhooks.change(self._org, webhook_id, WebhookChange(enabled=enabled))

    async def delete(self, webhook_id: str) -> None:
        """Remove it."""
        await self._webhooks.remove(self._org, webhook_id)

    async def rotate(self, webhook_id: str) -> MadeWebhook:
        """Give it a new secret."""
        return await self._webhooks.rotate(self._org, webhook_id)

    async def test(self, webhook_id: str) -> Delivery:
        """Have a message sent to it."""
        return await self._webhooks.test(self._org, webhook_id)

    async def deliveries(
        self,
        webhook_id: str,
        *,
        status: DeliveryStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> DeliveryList:
        """A page of what was sent."""
        return await self._webhooks.deliveries(self._org, webhook_id, Which(limit, cursor, status))

    async def delivery(self, webhook_id: str, delivery_id: str) -> WholeDelivery:
        """One delivery."""
        return await self._webhooks.delivery(self._org, webhook_id, delivery_id)

    async def replay(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Have it sent again."""
        return await self._webhooks.replay(self._org, webhook_id, delivery_id)
