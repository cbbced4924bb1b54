"""Webhooks: what each user action does."""

import re
import secrets
from dataclasses import dataclass

from storyloom.errors import InvalidInput
from storyloom.events.ports import EventLog
from storyloom.kit.clock import Clock
from storyloom.webhooks.errors import (
    DeliveryNotFound,
    TooManyWebhooks,
    WebhookDisabled,
    WebhookNotFound,
)
from storyloom.webhooks.messages import trial_of
from storyloom.webhooks.ports import DeliveryStore, WebhookStore
from storyloom.webhooks.schemas import (
    Delivery,
    DeliveryList,
    DeliveryStatus,
    MadeWebhook,
    NewWebhook,
    Secret,
    StoredWebhook,
    Webhook,
    WebhookChange,
    WebhookList,
    WholeDelivery,
)
from storyloom.webhooks.signing import new_secret
from storyloom.webhooks.switching import changed, rotated
from storyloom.webhooks.targets import Allowed, target_of

MOST = 50
_ID = re.compile("whk_[0-9a-f]{24}")
_DELIVERY_ID = re.compile("dlv_[0-9a-f]{24}")
_ID_BYTES = 12


@dataclass(frozen=True, slots=True)
class Which:
    """Which deliveries are wanted."""

    limit: int = 50
    cursor: str | None = None
    status: DeliveryStatus | None = None


class Webhooks:
    """All webhooks. What is another organisation's is not found."""

    def __init__(
        self,
        webhooks: WebhookStore,
        deliveries: DeliveryStore,
        log: EventLog,
        clock: Clock,
        *,
        allowed: Allowed,
    ) -> None:
        """Take where they are kept, the log of events, and what they may lead to."""
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._log = log
        self._clock = clock
        self._allowed = allowed

    async def make(self, org_id: str, wanted: NewWebhook) -> MadeWebhook:
        """Make one, which is told of events from now on.

        Raises `InvalidInput` for an address that may not be told, or `TooManyWebhooks`.
        """
        self._check(wanted.url)
        if len(await self._webhooks.list(org_id)) >= MOST:
            raise TooManyWebhooks(f"An organisation has {MOST} webhooks at most")
        made = StoredWebhook(
            id=f"whk_{secrets.token_hex(_ID_BYTES)}",
            org_id=org_id,
            url=wanted.url,
            types=tuple(map(str, dict.fromkeys(wanted.types))),
            description=wanted.description,
            created_at=self._clock.now(),
            secrets=(Secret(new_secret()),),
            after_seq=await self._newest(),
        )
        await self._webhooks.add(made)
        return made.made()

    async def all(self, org_id: str) -> WebhookList:
        """All of the organisation."""
        return WebhookList(data=[one.public for one in await self._webhooks.list(org_id)])

    async def get(self, org_id: str, webhook_id: str) -> Webhook:
        """One of them; raises `WebhookNotFound`, as all below."""
        return (await self._found(org_id, webhook_id)).public

    async def change(self, org_id: str, webhook_id: str, wanted: WebhookChange) -> Webhook:
        """Change it; raises `InvalidInput` for an address that may not be told."""
        if wanted.url is not None:
            self._check(wanted.url)
        await self._found(org_id, webhook_id)
        how = changed(wanted, await self._newest())
        return _there(await self._webhooks.change(org_id, webhook_id, how), webhook_id).public

    async def remove(self, org_id: str, webhook_id: str) -> None:
        """Remove it and the log of its deliveries."""
        if not (_ID.fullmatch(webhook_id) and await self._webhooks.remove(org_id, webhook_id)):
            raise WebhookNotFound(webhook_id)

    async def rotate(self, org_id: str, webhook_id: str) -> MadeWebhook:
        """Give it a new secret; the old one signs too for a day."""
        await self._found(org_id, webhook_id)
        how = rotated(new_secret(), self._clock.now())
        return _there(await self._webhooks.change(org_id, webhook_id, how), webhook_id).made()

    async def test(self, org_id: str, webhook_id: str) -> Delivery:
        """Have a message sent to it once; raises `WebhookDisabled`."""
        trial = trial_of(await self._able(org_id, webhook_id), self._clock.now())
        await self._deliveries.add(trial)
        return trial.brief

    async def deliveries(self, org_id: str, webhook_id: str, which: Which) -> DeliveryList:
        """A page of its deliveries; raises `InvalidInput` for a cursor that is not ours."""
        await self._found(org_id, webhook_id)
        before = None
        if which.cursor is not None:
            before = await self._delivery(webhook_id, which.cursor)
            if before is None:
                raise InvalidInput(
                    "This is no cursor of ours: send `next_cursor` of a page as it is",
                    loc=("query", "cursor"),
                    kind="cursor",
                )
        found = await self._deliveries.page(
            webhook_id, limit=which.limit + 1, before=before, status=which.status
        )
        shown = [one.brief for one in found[: which.limit]]
        return DeliveryList(
            data=shown, next_cursor=shown[-1].id if len(found) > which.limit else None
        )

    async def delivery(self, org_id: str, webhook_id: str, delivery_id: str) -> WholeDelivery:
        """One of its deliveries, with what is sent; raises `DeliveryNotFound`."""
        await self._found(org_id, webhook_id)
        found = await self._delivery(webhook_id, delivery_id)
        if found is None:
            raise DeliveryNotFound(delivery_id)
        return found

    async def replay(self, org_id: str, webhook_id: str, delivery_id: str) -> Delivery:
        """Have it sent again now; raises `DeliveryNotFound` or `WebhookDisabled`."""
        await self.delivery(org_id, webhook_id, delivery_id)
        await self._able(org_id, webhook_id)
        again = await self._deliveries.again(webhook_id, delivery_id, self._clock.now())
        if again is None:
            raise DeliveryNotFound(delivery_id)
        return again.brief

    def _check(self, url: str) -> None:
        host = target_of(url).host
        if self._allowed.refuses_as_written(host):
            raise InvalidInput(
                f"'{host}' is not public: the operator can allow it with STORYLOOM_WEBHOOK_ALLOW",
                loc=("body", "url"),
                kind="target_refused",
            )

    async def _newest(self) -> int:
        return (await self._log.span()).last

    async def _found(self, org_id: str, webhook_id: str) -> StoredWebhook:
        # What is no id of ours may hold what no database takes.
        known = _ID.fullmatch(webhook_id) is not None
        return _there(await self._webhooks.find(org_id, webhook_id) if known else None, webhook_id)

    async def _able(self, org_id: str, webhook_id: str) -> StoredWebhook:
        found = await self._found(org_id, webhook_id)
        if not found.enabled:
            raise WebhookDisabled
        return found

    async def _delivery(self, webhook_id: str, delivery_id: str) -> WholeDelivery | None:
        if _DELIVERY_ID.fullmatch(delivery_id) is None:
            return None
        return await self._deliveries.find(webhook_id, delivery_id)


def _there(found: StoredWebhook | None, webhook_id: str) -> StoredWebhook:
    if found is None:
        raise WebhookNotFound(webhook_id)
    return found
