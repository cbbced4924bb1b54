"""What can go wrong with webhooks."""

from storyloom.errors import Conflict, NotFound, Rejected


class WebhookNotFound(NotFound):
    """There is no such webhook."""

    code = "webhook_not_found"

    def __init__(self, name: str) -> None:
        """Say which one, as it was asked for."""
        super().__init__(f"Webhook '{name}' not found")


class DeliveryNotFound(NotFound):
    """The webhook has no such delivery."""

    code = "delivery_not_found"

    def __init__(self, name: str) -> None:
        """Say which one, as it was asked for."""
        super().__init__(f"Delivery '{name}' not found")


class WebhookDisabled(Conflict):
    """The webhook is disabled, so nothing is sent to it: enable it first."""

    code = "webhook_disabled"


class TooManyWebhooks(Conflict):
    """The organisation has as many webhooks as it may have."""

    code = "too_many_webhooks"


class TargetRefused(Rejected):
    """The host leads to an address that is not public, and STORYLOOM_WEBHOOK_ALLOW does not name it."""

    code = "target_refused"
    http_status = 422
