"""The ways to the fake providers, as an operator would configure them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._link import TIMEOUT_S, Link
from storyloom.adapters.pydantic_ai._prices import GenaiPrices
from tests.providers.server import Providers

#: A model that writes, by its provider.
WRITERS = {
    "google": "gemini-3.8-flash",
    "openai": "gpt-6-luna",
    "openai-chat": "gpt-6-luna",
    "anthropic": "claude-haiku-5-5",
    "ollama": "qwen3-vl:8b",
}
#: A model that paints.
PAINTERS = {"google": "gemini-3.1-flash-image", "openai": "gpt-image-2", "local": "flux-3"}


def connection(providers: Providers, provider: str, key: str) -> Connection:
    urls = {"google": providers.google, "anthropic": providers.anthropic}
    return Connection(provider, key, urls.get(provider, providers.openai))


@asynccontextmanager
async def linked(
    providers: Providers,
    provider: str,
    key: str,
    *,
    timeout_s: float = TIMEOUT_S,
    prices: GenaiPrices | None = None,
) -> AsyncGenerator[Link]:
    link = Link(connection(providers, provider, key), prices=prices, timeout_s=timeout_s)
    try:
        yield link
    finally:
        await link.aclose()
