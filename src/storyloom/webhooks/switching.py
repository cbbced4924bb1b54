"""Changes of a webhook, as functions that a store applies while nobody else changes it."""

from collections.abc import Callable
from datetime import datetime, timedelta

from storyloom.webhooks.schemas import Secret, StoredWebhook, WebhookChange

OLD_SIGNS_FOR = timedelta(hours=24)
SECRETS_KEPT = 5
ASKED, GONE = "asked", "gone"
Change = Callable[[StoredWebhook], StoredWebhook]


def gone(url: str) -> Change:
    """Send nothing to it any more, unless it has another address by now, or is disabled anyway."""

    def change(webhook: StoredWebhook) -> StoredWebhook:
        if webhook.url != url or not webhook.enabled:
            return webhook
        return webhook.model_copy(update={"enabled": False, "disabled_reason": GONE})

    return change


def changed(wanted: WebhookChange, newest: int) -> Change:
    """As somebody wants it; one that is enabled again is told of events after the newest one."""

    def change(webhook: StoredWebhook) -> StoredWebhook:
        fields = wanted.model_dump(exclude_none=True, exclude={"enabled", "types"})
        if wanted.types is not None:
            fields["types"] = tuple(map(str, dict.fromkeys(wanted.types)))
        if wanted.enabled is False and webhook.enabled:
            fields |= {"enabled": False, "disabled_reason": ASKED}
        if wanted.enabled and not webhook.enabled:
            fields |= {"enabled": True, "disabled_reason": None, "after_seq": newest}
        return webhook.model_copy(update=fields)

    return change


def rotated(secret: str, now: datetime) -> Change:
    """Sign with a new secret, and for a day with the old one too."""

    def change(webhook: StoredWebhook) -> StoredWebhook:
        current, *old = webhook.secrets
        still = [one for one in old if one.is_good(now)]
        kept = (Secret(secret), Secret(current.text, now + OLD_SIGNS_FOR), *still)
        return webhook.model_copy(update={"secrets": kept[:SECRETS_KEPT]})

    return change
