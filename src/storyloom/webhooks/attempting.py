"""One attempt to deliver."""

from time import monotonic

from storyloom.errors import StoryloomError
from storyloom.kit.clock import Clock
from storyloom.kit.storable import storable
from storyloom.webhooks.ports import Answer, WebhookSender
from storyloom.webhooks.schedule import outcome_of
from storyloom.webhooks.schemas import Attempt, Outcome, StoredWebhook, WholeDelivery
from storyloom.webhooks.signing import headers_of


class Postman:
    """Signs deliveries and sends them."""

    def __init__(self, sender: WebhookSender, clock: Clock) -> None:
        """Take what sends, and the clock that is told to receivers."""
        self._sender = sender
        self._clock = clock

    async def deliver(self, delivery: WholeDelivery, webhook: StoredWebhook) -> Outcome:
        """Try once; whatever goes wrong is in the outcome."""
        at, began_s = self._clock.now(), monotonic()
        headers = headers_of(delivery.event_id, delivery.body, webhook.secrets, at)
        answer: Answer | None = None
        error: str | None = None
        try:
            answer = await self._sender.send(webhook.url, headers, delivery.body.encode())
        except StoryloomError as fault:
            error = fault.message
        attempt = Attempt(
            at=at,
            duration_ms=round((monotonic() - began_s) * 1000),
            status_code=None if answer is None else answer.status,
            answer="" if answer is None else storable(answer.start),
            error=error,
        )
        retry_after = None if answer is None else answer.retry_after
        return outcome_of(delivery, attempt, retry_after, self._clock.now())
