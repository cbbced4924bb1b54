"""What calls have cost, added up."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from storyloom.outbound.schemas import Entry, Spent

# As text, so that no reader rounds it; and never as 1E-7.
Dollars = Annotated[Decimal, PlainSerializer(lambda amount: f"{amount:f}", return_type=str)]


class Cost(BaseModel):
    """What the calls of one job cost. An answer that was there already costs nothing."""

    model_config = ConfigDict(frozen=True)

    usd: Dollars | None = Field(description="US dollars; null where the price of a call is unknown")
    known_usd: Dollars = Field(description="The part that is known")
    calls: int = Field(ge=0, description="Requests to models, failed ones included")
    unknown_calls: int = Field(ge=0, description="Those of which nobody knows the price")
    input_tokens: int = Field(ge=0)
    output_tokens: int = Field(ge=0)

    @classmethod
    def of(cls, spent: Iterable[Spent]) -> Self:
        """What was spent here and there, as one."""
        parts = list(spent)
        known = sum((part.cost_usd for part in parts), Decimal(0))
        unknown = sum(part.unknown_calls for part in parts)
        return cls(
            usd=None if unknown else known,
            known_usd=known,
            calls=sum(part.calls for part in parts),
            unknown_calls=unknown,
            input_tokens=sum(part.input_tokens for part in parts),
            output_tokens=sum(part.output_tokens for part in parts),
        )


def cost_of(entries: Iterable[Entry]) -> Cost:
    """Add up. A call that nobody knows the end of may have cost something: it is unknown."""
    usages = [None if entry.ending is None else entry.ending.usage for entry in entries]
    told = [usage for usage in usages if usage is not None]
    costs = [usage.cost_usd for usage in told if usage.cost_usd is not None]
    unknown = len(usages) - len(costs)
    known = sum(costs, Decimal(0))
    return Cost(
        usd=None if unknown else known,
        known_usd=known,
        calls=len(usages),
        unknown_calls=unknown,
        input_tokens=sum(usage.input_tokens or 0 for usage in told),
        output_tokens=sum(usage.output_tokens or 0 for usage in told),
    )
