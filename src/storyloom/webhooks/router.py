"""The routes of webhooks: parse, call one method, return."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response

from storyloom.access.callers import Org
from storyloom.webhooks.schemas import (
    WEBHOOKS,
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

Responses = dict[int | str, dict[str, Any]]
_NOT_FOUND: Responses = {404: {"description": "There is no such webhook, or no such delivery"}}
_DISABLED: Responses = {409: {"description": "The webhook is disabled: enable it first"}}
_TOO_MANY: Responses = {409: {"description": "The organisation has too many webhooks"}}
router = APIRouter(
    prefix=WEBHOOKS,
    tags=["webhooks"],
    responses={503: {"description": "The store of webhooks is away for now"}},
)


async def _webhooks(request: Request) -> Webhooks:
    return request.state.webhooks


async def _which(
    status: Annotated[DeliveryStatus | None, Query(description="Only those")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: Annotated[
        str | None, Query(max_length=200, description="`next_cursor` of the page before")
    ] = None,
) -> Which:
    return Which(limit, cursor, status)


All = Annotated[Webhooks, Depends(_webhooks)]


@router.get("")
async def list_webhooks(webhooks: All, org_id: Org) -> WebhookList:
    """List the webhooks of the caller's organisation, without their secrets."""
    return await webhooks.all(org_id)


@router.post("", status_code=201, responses=_TOO_MANY)
async def create_webhook(
    body: NewWebhook, webhooks: All, org_id: Org, response: Response
) -> MadeWebhook:
    """Have events told to an address from now on. The answer is the only place with the secret."""
    made = await webhooks.make(org_id, body)
    response.headers["Location"] = f"{WEBHOOKS}/{made.id}"
    response.headers["Cache-Control"] = "no-store"
    return made


@router.get("/{webhook_id}", responses=_NOT_FOUND)
async def get_webhook(webhook_id: str, webhooks: All, org_id: Org) -> Webhook:
    """Show one webhook."""
    return await webhooks.get(org_id, webhook_id)


@router.patch("/{webhook_id}", responses=_NOT_FOUND)
async def change_webhook(
    webhook_id: str, body: WebhookChange, webhooks: All, org_id: Org
) -> Webhook:
    """Change what is sent; the rest stays. `enabled` stops all deliveries, and lets them go on."""
    return await webhooks.change(org_id, webhook_id, body)


@router.delete("/{webhook_id}", status_code=204, responses=_NOT_FOUND)
async def delete_webhook(webhook_id: str, webhooks: All, org_id: Org) -> None:
    """Remove a webhook with the log of its deliveries."""
    await webhooks.remove(org_id, webhook_id)


@router.post("/{webhook_id}/test", status_code=202, responses=_NOT_FOUND | _DISABLED)
async def send_test(webhook_id: str, webhooks: All, org_id: Org, response: Response) -> Delivery:
    """Have a message of the type `webhook.test` sent, once. `Location` tells what becomes of it."""
    made = await webhooks.test(org_id, webhook_id)
    response.headers["Location"] = f"{WEBHOOKS}/{webhook_id}/deliveries/{made.id}"
    return made


@router.post("/{webhook_id}/rotate", responses=_NOT_FOUND)
async def rotate_secret(
    webhook_id: str, webhooks: All, org_id: Org, response: Response
) -> MadeWebhook:
    """Give a webhook a new secret. For 24 hours messages are signed with the old one too."""
    made = await webhooks.rotate(org_id, webhook_id)
    response.headers["Cache-Control"] = "no-store"
    return made


@router.get("/{webhook_id}/deliveries", responses=_NOT_FOUND)
async def list_deliveries(
    webhook_id: str, webhooks: All, org_id: Org, which: Annotated[Which, Depends(_which)]
) -> DeliveryList:
    """List what was sent to a webhook, and what it answered, the newest first."""
    return await webhooks.deliveries(org_id, webhook_id, which)


@router.get("/{webhook_id}/deliveries/{delivery_id}", responses=_NOT_FOUND)
async def get_delivery(
    webhook_id: str, delivery_id: str, webhooks: All, org_id: Org
) -> WholeDelivery:
    """Show one delivery, with the body that is sent."""
    return await webhooks.delivery(org_id, webhook_id, delivery_id)


@router.post(
    "/{webhook_id}/deliveries/{delivery_id}/replay",
    status_code=202,
    responses=_NOT_FOUND | _DISABLED,
)
async def replay_delivery(
    webhook_id: str, delivery_id: str, webhooks: All, org_id: Org
) -> Delivery:
    """Send a delivery again now, with all its attempts, under the same `webhook-id`."""
    return await webhooks.replay(org_id, webhook_id, delivery_id)
