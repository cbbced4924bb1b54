"""What a key can use, asked of every provider."""

import pytest

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._diagnosis import list_models, look_for_model
from storyloom.errors import StoryloomError
from tests.databases import free_port
from tests.providers.anthropic import MODELS as OF_ANTHROPIC
from tests.providers.gemini import MODELS as OF_GOOGLE
from tests.providers.openai import MODELS as OF_OPENAI
from tests.providers.routes import WRITERS, connection
from tests.providers.server import Providers


@pytest.mark.parametrize(
    ("provider", "models", "pages"),
    [
        ("google", [name for name in OF_GOOGLE if "embedding" not in name], 2),
        ("openai", OF_OPENAI, 1),
        ("ollama", OF_OPENAI, 1),
        ("anthropic", OF_ANTHROPIC, 2),
    ],
)
async def test_all_pages_are_read(
    providers: Providers, provider: str, models: list[str], pages: int
) -> None:
    key = providers.new_key()

    assert await list_models(connection(providers, provider, key)) == sorted(models)
    assert len(providers.seen(key)) == pages


@pytest.mark.parametrize("provider", list(WRITERS))
@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("401", "auth"),
        ("403", "auth"),
        ("429", "rate_limited"),
        ("503", "overloaded"),
        ("500", "server_error"),
        ("html", "server_error"),
        ("400", "rejected"),
        ("404", "unsupported"),
        ("redirect", "rejected"),
        ("badjson", "connection"),
        ("cut", "connection"),
        ("odd", "connection"),
    ],
)
async def test_a_fault_is_told(providers: Providers, provider: str, fault: str, code: str) -> None:
    key = providers.new_key()
    providers.script(key, fault)

    with pytest.raises(StoryloomError) as caught:
        await list_models(connection(providers, provider, key))

    assert caught.value.code == code
    assert key not in caught.value.message
    assert len(providers.seen(key)) == 1


@pytest.mark.parametrize("provider", list(WRITERS))
async def test_nobody_there_is_told(provider: str) -> None:
    port = free_port()

    with pytest.raises(StoryloomError, match=f"could not be reached .* at 127.0.0.1:{port}") as it:
        await list_models(Connection(provider, "k", f"http://127.0.0.1:{port}/v1"))

    assert it.value.code == "connection"


async def test_who_takes_too_long_is_told(providers: Providers) -> None:
    key = providers.new_key()
    providers.latency(key, 5)

    with pytest.raises(StoryloomError, match=r"OpenAI API timeout after 0\.1 seconds") as caught:
        await list_models(connection(providers, "openai", key), timeout_s=0.1)

    assert caught.value.code == "timeout"


async def test_a_list_without_an_end_is_left(providers: Providers) -> None:
    key = providers.new_key()
    providers.always(key, "endless")

    assert await list_models(connection(providers, "google", key)) == ["gemini-3.8-flash"]
    assert len(providers.seen(key)) == 20


@pytest.mark.parametrize("name", ["../files", "a?b=c", "a#b", "x/../../y"])
async def test_a_name_leads_to_no_other_page(providers: Providers, name: str) -> None:
    key = providers.new_key()

    with pytest.raises(StoryloomError):
        await look_for_model(connection(providers, "google", key), name)
