"""What is sent: thin bodies that say what has happened, and where to look."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256

from pydantic import JsonValue

from storyloom.events.schemas import Event, event_id
from storyloom.webhooks.schemas import TEST, StoredWebhook, WholeDelivery

MOST_BYTES = 20_000
_ID_LENGTH = 24


def delivery_of(event: Event, webhook: StoredWebhook, now: datetime) -> WholeDelivery:
    """The event on its way to the webhook; the same id whenever it is made again."""
    return WholeDelivery(
        id=_delivery_id(webhook.id, event.id),
        webhook_id=webhook.id,
        event_id=event.id,
        type=event.type,
        created_at=now,
        next_attempt_at=now,
        body=body_of(event),
    )


def trial_of(webhook: StoredWebhook, now: datetime) -> WholeDelivery:
    """A message that only tries the webhook."""
    message_id = event_id(webhook.org_id, "")
    data: dict[str, JsonValue] = {"webhook_id": webhook.id, "org_id": webhook.org_id}
    return WholeDelivery(
        id=_delivery_id(webhook.id, message_id),
        webhook_id=webhook.id,
        event_id=message_id,
        type=TEST,
        created_at=now,
        next_attempt_at=now,
        body=_written(TEST, now, data),
    )


def body_of(event: Event) -> str:
    """The body; what would make it too long is left out, and can be had at the API."""
    data: dict[str, JsonValue] = {
        "seq": event.seq,
        "org_id": event.org_id,
        "subject": event.subject.model_dump(),
    }
    whole = _written(event.type, event.at, {**event.data, **data})
    if len(whole.encode()) < MOST_BYTES:
        return whole
    return _written(event.type, event.at, {**data, "is_cut": True})


def _written(type_: str, at: datetime, data: Mapping[str, JsonValue]) -> str:
    time = at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    body = {"type": type_, "timestamp": time, "data": dict(data)}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _delivery_id(webhook_id: str, message_id: str) -> str:
    named = f"{webhook_id}\n{message_id}".encode()
    return f"dlv_{sha256(named).hexdigest()[:_ID_LENGTH]}"
