"""A link to one provider: its SDK, loaded at the first call, and one pool of connections.

Importing pydantic-ai with one SDK takes more than a second and 100 MB, so this module does not; what
does is in `_sdk.py`, and is imported in a thread.
"""

import asyncio
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from anyio import to_thread

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._prices import GenaiPrices
from storyloom.errors import Misconfigured

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storyloom.adapters.pydantic_ai._sdk import Sdk

TIMEOUT_S = 90.0
_PACKAGES = {"google": "google.genai", "anthropic": "anthropic"}


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

    async def look_for(self, model: str) -> None:
        """Return when the provider knows us and the model; raise what asking would raise."""
        look = await to_thread.run_sync(_looking)
        await look(self.connection, model)

    async def aclose(self) -> None:
        """Close the connections; the next call opens others."""
        async with self._loading:
            sdk, self._sdk = self._sdk, None
        if sdk is not None:
            await sdk.http.aclose()


def _looking() -> "Callable[[Connection, str], Awaitable[None]]":
    from storyloom.adapters.pydantic_ai._diagnosis import look_for_model  # noqa: PLC0415 - HTTP

    return look_for_model


def _load(connection: Connection, prices: GenaiPrices, timeout_s: float) -> "Sdk":
    try:
        from storyloom.adapters.pydantic_ai._sdk import open_sdk  # noqa: PLC0415 - an extra

        for later in ("_asking", "_painting"):
            import_module(f"{__package__}.{later}")
        sdk = open_sdk(connection, prices, timeout_s)
    except ImportError as fault:
        raise _not_installed(connection) from fault
    return sdk


def check_installed(connection: Connection) -> None:
    """Raise `Misconfigured` where what the provider needs is not installed; load nothing."""
    try:
        found = all(map(find_spec, ("pydantic_ai", _PACKAGES.get(connection.provider, "openai"))))
    except ImportError:  # not even the package around it
        found = False
    if not found:
        raise _not_installed(connection)


def _not_installed(connection: Connection) -> Misconfigured:
    """The error that says how to install it."""
    extra = connection.provider if connection.provider in _PACKAGES else "openai"
    return Misconfigured(
        f"Models of {connection.who} need a package that is not installed. "
        f"Install it with: pip install 'storyloom[{extra}]'"
    )
