"""Webhooks, deliveries and events as tests want them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from storyloom.events.schemas import Draft, EventType, Subject, event_id
from storyloom.webhooks.schemas import Attempt, Secret, StoredWebhook, WholeDelivery

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="  # noqa: S105
OTHER_SECRET = "whsec_ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="  # noqa: S105


def webhook(name: str = "a", *, org: str = "acme", **more: Any) -> StoredWebhook:
    fields: dict[str, Any] = {
        "id": f"whk_{name * 24}",
        "org_id": org,
        "url": "https://example.com/hooks",
        "types": ("job.completed", "job.failed"),
        "description": "for ü & 'quotes'",
        "created_at": NOON,
        "secrets": (Secret(SECRET), Secret(OTHER_SECRET, NOON)),
        "after_seq": 3,
    }
    return StoredWebhook(**(fields | more))


def delivery(name: str = "1", of: str = "a", **more: Any) -> WholeDelivery:
    fields: dict[str, Any] = {
        "id": f"dlv_{name * 24}"[:28],
        "webhook_id": f"whk_{of * 24}",
        "event_id": f"evt_{name}",
        "type": "job.completed",
        "created_at": NOON,
        "next_attempt_at": NOON,
        "body": '{"type":"job.completed","timestamp":"2026-03-01T12:00:00Z","data":{"ü":1}}',
    }
    return WholeDelivery(**(fields | more))


def attempt(status_code: int | None = 500, at: datetime = NOON, **more: Any) -> Attempt:
    return Attempt(at=at, duration_ms=12, status_code=status_code, **more)


def draft(cause: str, type_: str = EventType.COMPLETED, *, org: str = "acme", **more: Any) -> Draft:
    fields: dict[str, Any] = {"subject": Subject(kind="story_run", id="r1"), "data": {}, "at": NOON}
    return Draft(id=event_id(org, cause), type=type_, org_id=org, **(fields | more))
