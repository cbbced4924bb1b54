"""One call to a provider: what is asked, for whom, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from storyloom.kit.ids import JobId

OPEN = "open"  #: the outcome of a call that nobody knows the end of
OK = "ok"  #: the outcome of a call that brought what was asked; others are codes of errors
CANCELLED = "cancelled"  #: the outcome of a call that we gave up
T = TypeVar("T")


class Account(BaseModel):
    """On whose account calls are made."""

    model_config = ConfigDict(frozen=True)

    org_id: str = "default"
    job_id: JobId | None = None
    scope: str | None = None  #: what a key has to cover to see it; None where nobody said
    step: str = ""
    fresh: bool = False  #: whether finished answers of earlier jobs are of no use


class Usage(BaseModel):
    """What a call used. None is unknown, and never the same as nothing."""

    model_config = ConfigDict(frozen=True)

    input_tokens: int | None = Field(default=None, ge=0)
    output_tokens: int | None = Field(default=None, ge=0)  #: with those of thinking and of pictures
    cost_usd: Decimal | None = Field(default=None, ge=0)
    price_source: str = ""  #: where the price comes from: `settings`, `genai-prices 0.2.3`


FREE = Usage(cost_usd=Decimal(0), price_source="free")
#: of a call that the provider answered with an error: nobody charges for these
UNBILLED = Usage(cost_usd=Decimal(0), price_source="not billed")


@dataclass(frozen=True, slots=True)
class StandIn:
    """Another model answered in place of the wanted one. Models are told as `provider:name`."""

    wanted: str
    answered: str
    code: str  #: the stable code of why the wanted one did not answer, such as `overloaded`
    says: str  #: all of it in a sentence for a person


@dataclass(frozen=True, slots=True)
class Paid(Generic[T]):
    """What a call brought, and what it used."""

    value: T
    usage: Usage


class Call(BaseModel):
    """One request to a provider, before it is sent.

    `input_hash` is the SHA-256 in hex of everything that decides the answer: model, prompt and its
    version, material, settings. `destination` is the host that gets it; `size_bytes` what it gets.
    """

    model_config = ConfigDict(frozen=True)

    account: Account
    provider: str  #: such as `google`
    model: str  #: such as `gemini-3.8-flash`, without the provider
    purpose: str  #: what is asked, such as `understand_code`
    prompt_version: str
    input_hash: str
    size_bytes: int = Field(ge=0)
    destination: str
    estimate_usd: Decimal | None = None  #: the most that it should cost; None where nobody knows


class Ending(BaseModel):
    """How a call ended. `result` is a small answer, or where a big one is kept."""

    model_config = ConfigDict(frozen=True)

    outcome: str  #: `ok`, or the stable code of an error
    usage: Usage = Usage()
    duration_ms: int = Field(ge=0)
    result: JsonValue = None


class Entry(BaseModel):
    """A call in the ledger. It is open from before the call is sent until its end is written."""

    model_config = ConfigDict(frozen=True)

    id: str
    call: Call
    attempt: int = Field(ge=1)
    started_at: datetime
    ending: Ending | None = None

    @property
    def outcome(self) -> str:
        """`open`, `ok`, or the stable code of an error."""
        return OPEN if self.ending is None else self.ending.outcome


class Budget(BaseModel):
    """The most that may be spent, in US dollars; None is without a limit."""

    model_config = ConfigDict(frozen=True)

    per_job_usd: Decimal | None = Field(default=None, ge=0)
    per_org_day_usd: Decimal | None = Field(default=None, ge=0)

    @property
    def is_set(self) -> bool:
        """Whether anything is limited."""
        return self.per_job_usd is not None or self.per_org_day_usd is not None


class ModelPrice(BaseModel):
    """What a model costs, in US dollars; the tokens of pictures count among those it writes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    input: Decimal = Field(ge=0)  #: for a million tokens that it reads
    output: Decimal = Field(ge=0)  #: for a million tokens that it writes


class Spent(BaseModel):
    """What was spent. `unknown_calls` may have cost something that nobody knows."""

    model_config = ConfigDict(frozen=True)

    cost_usd: Decimal = Decimal(0)
    calls: int = Field(default=0, ge=0)
    unknown_calls: int = Field(default=0, ge=0)
    input_tokens: int = Field(default=0, ge=0)
    output_tokens: int = Field(default=0, ge=0)
