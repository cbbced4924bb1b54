"""What models cost: the operator's prices first, then those that genai-prices brings along.

Its list is part of its package: nothing is downloaded. Reading it the first time takes some tenths
of a second.
"""

from collections.abc import Mapping
from decimal import Decimal

from storyloom.llm.names import ModelName, covers
from storyloom.outbound.schemas import Usage

SETTINGS = "settings"
_MILLION = 1_000_000
# The names of model names that the price list calls otherwise.
_LISTED = {"openai-chat": "openai"}


class GenaiPrices:
    """A price list."""

    def __init__(self, overrides: Mapping[str, tuple[Decimal, Decimal]] | None = None) -> None:
        """Take prices in dollars for a million tokens read and written, by patterns of models."""
        self._overrides = overrides or {}

    def cost(self, provider: str, model: str, usage: Usage) -> tuple[Decimal, str] | None:
        """The cost in US dollars and where the price comes from, or None where nobody knows."""
        if usage.input_tokens is None or usage.output_tokens is None:
            return None
        own = self.own_cost(provider, model, usage.input_tokens, usage.output_tokens)
        if own is not None:
            return own, SETTINGS
        return _listed_cost(provider, model, usage.input_tokens, usage.output_tokens)

    def own_cost(self, provider: str, model: str, read: int, written: int) -> Decimal | None:
        """The cost by the operator's prices, if one covers the model: the longest pattern counts."""
        name = ModelName(provider, model)
        patterns = [pattern for pattern in self._overrides if covers(pattern, name)]
        if not patterns:
            return None
        for_input, for_output = self._overrides[max(patterns, key=len)]
        return (for_input * read + for_output * written) / _MILLION


def _listed_cost(provider: str, model: str, read: int, written: int) -> tuple[Decimal, str] | None:
    try:
        import genai_prices  # noqa: PLC0415 - an extra, and 60 MB
    except ImportError:
        return None
    # Tokens of pictures have a price of their own.
    painted = {"output_image_tokens": written} if "image" in model else {}
    usage = genai_prices.Usage(input_tokens=read, output_tokens=written, **painted)
    try:
        priced = genai_prices.calc_price(
            usage, model_ref=model, provider_id=_LISTED.get(provider, provider)
        )
    except LookupError:
        return None
    return priced.total_price, source()


def source() -> str:
    """The price list and its version."""
    import genai_prices  # noqa: PLC0415

    return f"genai-prices {genai_prices.__version__}"
