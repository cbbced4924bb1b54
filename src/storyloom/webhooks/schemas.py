"""Webhooks, and the deliveries that are made to them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool

from storyloom.events.schemas import ENDS, EventType
from storyloom.kit.organisations import DEFAULT_ORG
from storyloom.webhooks.targets import FORM, LENGTH, target_of

WEBHOOKS = "/v1/webhooks"
TEST = "webhook.test"  #: the type of a message that somebody sends to try a webhook
USUAL_TYPES = (*sorted(ENDS), EventType.CREATED)


def _checked(url: str) -> str:
    target_of(url)
    return url


Url = Annotated[
    str,
    Field(
        max_length=LENGTH,
        pattern=FORM,
        examples=["https://example.com/hooks/storyloom"],
        description="Where events are sent to. It has to be public, unless the operator allows it",
    ),
    AfterValidator(_checked),
]
Types = Annotated[
    list[EventType],
    Field(min_length=1, max_length=50, description="Which events are told; no others are"),
]
Description = Annotated[
    str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$", description="What it is for")
]


class NewWebhook(BaseModel):
    """What is asked for."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    types: Types = list(USUAL_TYPES)
    description: Description = ""


class WebhookChange(BaseModel):
    """What is to be changed; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    types: Types | None = None
    description: Description | None = None
    enabled: StrictBool | None = None


class Webhook(BaseModel):
    """An endpoint that is told of events, without its secret."""

    model_config = ConfigDict(frozen=True)

    id: str
    org_id: str = DEFAULT_ORG
    url: str
    types: tuple[str, ...]
    description: str = ""
    enabled: bool = True
    disabled_reason: str | None = Field(
        default=None, description="Why it is disabled: `asked`, or `gone` after an answer 410"
    )
    created_at: datetime


class MadeWebhook(Webhook):
    """A webhook with its secret."""

    secret: str = Field(description="What its deliveries are signed with. It is shown this once")


@dataclass(frozen=True, slots=True)
class Secret:
    """What deliveries are signed with, and until when; None is the one that is in force."""

    text: str
    until: datetime | None = None

    def is_good(self, now: datetime) -> bool:
        """Whether it still signs."""
        return self.until is None or now < self.until


class StoredWebhook(Webhook):
    """A webhook as the store has it. Its secrets are kept as they are: they have to sign."""

    secrets: tuple[Secret, ...] = Field(repr=False)  #: the one in force first
    after_seq: int  #: only events with greater numbers are told

    @property
    def public(self) -> Webhook:
        """What may be shown."""
        return Webhook.model_validate(self.model_dump(exclude={"secrets", "after_seq"}))

    def made(self) -> MadeWebhook:
        """The same, with the secret in force."""
        return MadeWebhook(**self.public.model_dump(), secret=self.secrets[0].text)


class WebhookList(BaseModel):
    """All webhooks of an organisation, the newest first."""

    data: list[Webhook]


class DeliveryStatus(StrEnum):
    """What became of a delivery."""

    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


class Attempt(BaseModel):
    """One try to deliver."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    duration_ms: int = Field(ge=0)
    status_code: int | None = Field(default=None, description="Of the answer, if there was one")
    answer: str = Field(default="", description="The first bytes of the answer")
    error: str | None = Field(default=None, description="Why there was no answer")


class Delivery(BaseModel):
    """An event on its way to a webhook, and what became of it."""

    model_config = ConfigDict(frozen=True)

    id: str
    webhook_id: str
    event_id: str = Field(description="Sent as `webhook-id`: the same at every attempt")
    type: str
    status: DeliveryStatus = DeliveryStatus.PENDING
    created_at: datetime
    next_attempt_at: datetime | None = Field(description="None when there will be no more")
    attempts: tuple[Attempt, ...] = Field(default=(), description="The last ones, the oldest first")


class WholeDelivery(Delivery):
    """A delivery with what is sent."""

    body: str = Field(description="The body as it is sent, byte for byte")
    tries: int = Field(default=0, ge=0, description="Attempts since it was made, or last replayed")

    @property
    def is_test(self) -> bool:
        """Whether somebody only tries the webhook."""
        return self.type == TEST

    @property
    def brief(self) -> Delivery:
        """The same for a list."""
        return Delivery.model_validate(self.model_dump(exclude={"body", "tries"}))

    def after(self, outcome: "Outcome") -> Self:
        """What it is like after one more attempt."""
        return self.model_copy(
            update={
                "attempts": (*self.attempts, outcome.attempt)[-ATTEMPTS_KEPT:],
                "tries": self.tries + 1,
                "status": outcome.status,
                "next_attempt_at": outcome.next_at,
            }
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt has led to."""

    attempt: Attempt
    status: DeliveryStatus
    next_at: datetime | None = None
    is_gone: bool = False  #: the receiver wants no more


class DeliveryList(BaseModel):
    """Deliveries to one webhook, the newest first."""

    data: list[Delivery]
    next_cursor: str | None = Field(description="Send it as `cursor` for the next page")


ATTEMPTS_KEPT = 30
