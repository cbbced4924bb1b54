"""A link to one provider: its SDK, loaded at the first call, and one pool of connections.

Importing pydantic-ai with one SDK takes more than a second and 100 MB, so this module does not; what
does is in `_sdk.py`, and is imported in a thread.
"""

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from anyio import to_thread

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._prices import GenaiPrices
from storyloom.errors import Misconfigured

if TYPE_CHECKING:
    from storyloom.adapters.pydantic_ai._sdk import Sdk

TIMEOUT_S = 90.0
_EXTRAS = {"google": "google", "anthropic": "anthropic"}


class Link:
    """One provider, for as many models of it as wanted. Whoever makes it closes it."""

    def __init__(
        self,
        connection: Connection,
        *,
        prices: GenaiPrices | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        """Load nothing yet. After `timeout_s` the provider is told that nobody waits any more."""
        self.connection = connection
        self._prices = prices or GenaiPrices()
        self._timeout_s = timeout_s
        self._sdk: Sdk | None = None
        self._loading = asyncio.Lock()

    async def sdk(self) -> "Sdk":
        """The SDK, ready to be used; raises `Misconfigured`."""
        async with self._loading:
            if self._sdk is None:
                self._sdk = await to_thread.run_sync(
                    _load, self.connection, self._prices, self._timeout_s
                )
            return self._sdk

    async def aclose(self) -> None:
        """Close the connections; the next call opens others."""
        async with self._loading:
            sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.http.aclose()


def _load(connection: Connection, prices: GenaiPrices, timeout_s: float) -> "Sdk":
    try:
        from storyloom.adapters.pydantic_ai._sdk import open_sdk  # noqa: PLC0415 - an extra

        for later in ("_asking", "_painting"):
            import_module(f"{__package__}.{later}")
        sdk = open_sdk(connection, prices, timeout_s)
    except ImportError as fault:
        extra = _EXTRAS.get(connection.provider, "openai")
        raise Misconfigured(
            f"Models of {connection.who} need a package that is not installed. "
            f"Install it with: pip install 'storyloom[{extra}]'"
        ) from fault
    return sdk
