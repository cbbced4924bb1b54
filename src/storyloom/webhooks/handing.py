"""Making deliveries of what is new in the log of events."""

from collections.abc import Sequence

from storyloom.events.ports import EventLog
from storyloom.events.schemas import Event, Filter
from storyloom.kit.clock import Clock
from storyloom.webhooks.messages import delivery_of
from storyloom.webhooks.ports import DeliveryStore, WebhookStore
from storyloom.webhooks.schemas import StoredWebhook, WholeDelivery
from storyloom.webhooks.throttle import Throttle

PAGE = 500


class HandOut:
    """Follows the log by its numbers, and makes a delivery of each event for each who wants it.

    What was made and how far it has come are kept in one transaction: whatever stops it, no event
    is left out, and none is made twice.
    """

    def __init__(
        self, log: EventLog, webhooks: WebhookStore, deliveries: DeliveryStore, clock: Clock
    ) -> None:
        """Take the log, who wants to be told, and where deliveries are kept."""
        self._log = log
        self._webhooks = webhooks
        self._deliveries = deliveries
        self._clock = clock
        self._throttle = Throttle()
        self.enabled: dict[str, StoredWebhook] = {}  #: who was there at the last look, by id

    async def run(self, holder: str, after: int) -> int | None:
        """Hand out all events after this one; the last one, or None where the turn is another's."""
        while True:
            # Asked first: whoever was added before one of these events happened is seen below.
            newest = (await self._log.span()).last
            self.enabled = {one.id: one for one in await self._webhooks.enabled()}
            events = await self._wanted(min(after, newest), newest)
            upto = events[-1].seq if len(events) >= PAGE else newest
            if upto == after:
                return after
            # What is not kept is read again, and has to pass again.
            throttle = self._throttle.copy()
            made = self._made(throttle.passes(events))
            if not await self._deliveries.hand_out(made, holder=holder, upto=upto):
                return None
            self._throttle = throttle
            after = upto
            if upto >= newest:
                return after

    async def _wanted(self, after: int, newest: int) -> Sequence[Event]:
        """Events that somebody may want; those after the newest are left for the next time."""
        types = frozenset(type_ for one in self.enabled.values() for type_ in one.types)
        if not types or after >= newest:
            return []
        page = await self._log.after(after, limit=PAGE, wanted=Filter(types=types))
        return [event for event in page if event.seq <= newest]

    def _made(self, events: Sequence[Event]) -> Sequence[WholeDelivery]:
        now = self._clock.now()
        by_org: dict[str, list[StoredWebhook]] = {}
        for webhook in self.enabled.values():
            by_org.setdefault(webhook.org_id, []).append(webhook)
        return [
            delivery_of(event, webhook, now)
            for event in events
            for webhook in by_org.get(event.org_id, ())
            if event.type in webhook.types and event.seq > webhook.after_seq
        ]
