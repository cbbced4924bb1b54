"""What a request used, in our words."""

from decimal import Decimal
from typing import Protocol

from storyloom.adapters.pydantic_ai._prices import SETTINGS, GenaiPrices, source
from storyloom.llm.names import ModelName
from storyloom.outbound.schemas import Usage


class Counted(Protocol):
    """What pydantic-ai counts, of a run or of a request."""

    input_tokens: int
    output_tokens: int

    @property
    def cost(self) -> Decimal | None: ...


def usage_of(counted: Counted, name: ModelName, prices: GenaiPrices) -> Usage:
    """The tokens and their cost. A provider that tells no tokens leaves both unknown."""
    read, written = counted.input_tokens, counted.output_tokens
    if not read and not written:
        return Usage()
    own = prices.own_cost(name.provider, name.model, read, written)
    if own is not None:
        return Usage(input_tokens=read, output_tokens=written, cost_usd=own, price_source=SETTINGS)
    # This one knows how many of the tokens were cached, thoughts or pictures.
    told = source() if counted.cost is not None else ""
    return Usage(input_tokens=read, output_tokens=written, cost_usd=counted.cost, price_source=told)
