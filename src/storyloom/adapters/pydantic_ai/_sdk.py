"""The SDK of a provider behind pydantic-ai's models, every setting of it ours.

The SDKs read keys, addresses and more from the environment where they are given none, so each gets
one; and none of them tries again by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import httpx2

from storyloom.adapters.pydantic_ai._connection import OPENAI_OWN, Connection
from storyloom.adapters.pydantic_ai._http import open_http
from storyloom.adapters.pydantic_ai._prices import GenaiPrices

if TYPE_CHECKING:
    from pydantic_ai.models import Model
    from pydantic_ai.profiles.openai import OpenAIModelProfile
    from pydantic_ai.settings import ModelSettings


@dataclass(frozen=True, slots=True)
class Sdk:
    """What makes models of one provider."""

    connection: Connection
    prices: GenaiPrices
    timeout_s: float
    http: httpx2.AsyncClient
    provider: Any  #: a pydantic-ai `Provider`
    model: Callable[[str], "Model"]
    settings: "ModelSettings"  #: for every request
    agents: dict[tuple[str, type], Any] = field(default_factory=dict[tuple[str, type], Any])


def open_sdk(connection: Connection, prices: GenaiPrices, timeout_s: float) -> Sdk:
    """Import the SDK and open its client; raises `ImportError` or `Misconfigured`."""
    http = open_http(timeout_s)
    settings: ModelSettings = {"timeout": timeout_s, "request_timeout": timeout_s}
    if connection.provider == "google":
        # A whole number of seconds, after which Google need not go on, and bill.
        settings["extra_headers"] = {"X-Server-Timeout": str(max(1, round(timeout_s)))}
        provider, model = _google(connection, http)
    elif connection.provider == "anthropic":
        provider, model = _anthropic(connection, http)
    else:
        provider, model = _openai(connection, http)
        if connection.provider == "openai":
            # OpenAI keeps what it is asked for 30 days, unless told not to.
            settings = cast("ModelSettings", {**settings, "openai_store": False})
    return Sdk(connection, prices, timeout_s, http, provider, model, settings)


def _google(
    connection: Connection, http: httpx2.AsyncClient
) -> tuple[Any, Callable[[str], "Model"]]:
    from pydantic_ai.models.google import GoogleModel  # noqa: PLC0415 - only one SDK is loaded
    from pydantic_ai.providers.google import GoogleProvider  # noqa: PLC0415

    provider = GoogleProvider(api_key=connection.key, base_url=connection.url, http_client=http)
    return provider, lambda name: GoogleModel(name, provider=provider)


def _anthropic(
    connection: Connection, http: httpx2.AsyncClient
) -> tuple[Any, Callable[[str], "Model"]]:
    from anthropic import AsyncAnthropic  # noqa: PLC0415
    from pydantic_ai.models.anthropic import AnthropicModel  # noqa: PLC0415
    from pydantic_ai.providers.anthropic import AnthropicProvider  # noqa: PLC0415

    client = AsyncAnthropic(
        api_key=connection.key, base_url=connection.url, http_client=http, max_retries=0
    )
    provider = AnthropicProvider(anthropic_client=client)
    return provider, lambda name: AnthropicModel(name, provider=provider)


def _openai(
    connection: Connection, http: httpx2.AsyncClient
) -> tuple[Any, Callable[[str], "Model"]]:
    from openai import AsyncOpenAI  # noqa: PLC0415
    from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel  # noqa: PLC0415
    from pydantic_ai.providers.openai import OpenAIProvider  # noqa: PLC0415
    from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider  # noqa: PLC0415

    client = AsyncOpenAI(
        api_key=connection.key, base_url=connection.url, http_client=http, max_retries=0
    )
    if connection.provider in OPENAI_OWN:
        own = OpenAIProvider(openai_client=client)
        kind = OpenAIResponsesModel if connection.provider == "openai" else OpenAIChatModel
        return own, lambda name: kind(name, provider=own)
    # These servers force the shape of an answer too, but pydantic-ai cannot know it of all models.
    profile: OpenAIModelProfile = {
        "supports_json_schema_output": True,
        "openai_chat_supports_max_completion_tokens": False,
    }
    other = OpenAICompatibleProvider(connection.provider, openai_client=client, profile=profile)
    return other, lambda name: OpenAIChatModel(name, provider=other)
