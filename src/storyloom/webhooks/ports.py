"""What webhooks need from outside."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storyloom.webhooks.schemas import DeliveryStatus, Outcome, StoredWebhook, WholeDelivery


class WebhookStore(Protocol):
    """Keeps webhooks. Every method raises `Unavailable` when the store does not answer."""

    async def add(self, webhook: StoredWebhook) -> None:
        """Keep a new one."""
        ...

    async def find(self, org_id: str, webhook_id: str) -> StoredWebhook | None:
        """The one with this id, if it is the organisation's."""
        ...

    async def list(self, org_id: str) -> Sequence[StoredWebhook]:
        """All of the organisation, the newest first."""
        ...

    async def change(
        self, org_id: str, webhook_id: str, how: Callable[[StoredWebhook], StoredWebhook]
    ) -> StoredWebhook | None:
        """Keep what `how` makes of it, while nobody else changes it; None where there is none."""
        ...

    async def remove(self, org_id: str, webhook_id: str) -> bool:
        """Remove it with all its deliveries; False where there is none."""
        ...

    async def enabled(self) -> Sequence[StoredWebhook]:
        """All that are to be told, of all organisations."""
        ...


class DeliveryStore(Protocol):
    """Keeps deliveries. Every method raises `Unavailable` when the store does not answer."""

    async def hand_out(
        self, deliveries: Sequence[WholeDelivery], *, holder: str, upto: int
    ) -> bool:
        """Keep those that are not there yet, and that all events up to this one are handed out.

        Both or nothing; nothing, and False, where the turn is another's.
        """
        ...

    async def add(self, delivery: WholeDelivery) -> None:
        """Keep one that comes of no event."""
        ...

    async def due(
        self,
        now: datetime,
        *,
        each: int,
        limit: int,
        busy: Collection[str] = (),
        full: Collection[str] = (),
    ) -> Sequence[WholeDelivery]:
        """What is to be sent now to webhooks that are enabled.

        So many for each webhook at most, and of all webhooks by turns; without the deliveries that
        are `busy`, and those to webhooks that are `full`.
        """
        ...

    async def record(self, delivery_id: str, outcome: Outcome) -> None:
        """Note an attempt. One that was delivered stays so; one that is gone is no error."""
        ...

    async def find(self, webhook_id: str, delivery_id: str) -> WholeDelivery | None:
        """One of the webhook's deliveries."""
        ...

    async def page(
        self,
        webhook_id: str,
        *,
        limit: int,
        before: WholeDelivery | None = None,
        status: DeliveryStatus | None = None,
    ) -> Sequence[WholeDelivery]:
        """The webhook's deliveries, the newest first."""
        ...

    async def again(self, webhook_id: str, delivery_id: str, at: datetime) -> WholeDelivery | None:
        """Let it be sent anew at this time, with all its tries; None where there is none."""
        ...

    async def forget(self, *, before: datetime) -> int:
        """Remove what was made before this time, and is not to be sent later; how many."""
        ...


class DeliveryTurn(Protocol):
    """Says which process delivers: one at a time. Raises `Unavailable`."""

    async def take(self, holder: str, *, ttl_s: float) -> int | None:
        """Take the turn, or keep it, for so long; None while it is another's.

        Gives the number of the last event that was handed out.
        """
        ...

    async def give_back(self, holder: str) -> None:
        """Let another take it; one that is not held is no error."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receiver says."""

    status: int
    start: str = ""  #: of its body
    retry_after: str | None = None  #: the header, as it was sent


class WebhookSender(Protocol):
    """Sends a message to a receiver."""

    async def send(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Post it, and give the answer, whatever its status is; redirects are not followed.

        Raises `TargetRefused`, and asks nobody, where the host leads to an address that may not be
        told; `TimedOut`, `Unreachable`, or `BadAnswer` where the answer is no HTTP.
        """
        ...
