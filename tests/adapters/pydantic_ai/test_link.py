"""A link loads its SDK when it is first needed, takes nothing from elsewhere, and is closed."""

import asyncio
import logging
import subprocess
import sys
from contextlib import suppress

import pytest

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._link import Link, check_installed
from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import Misconfigured, StoryloomError
from storyloom.imaging.schemas import ImageRequest
from storyloom.llm.schemas import Question
from tests.adapters.pydantic_ai.shapes import Seven
from tests.providers.routes import PAINTERS, WRITERS, connection, linked
from tests.providers.server import Providers

QUESTION = Question("understand_code", "1", "You read code.", "canary-11fe", Seven)
LIGHT = ("language_model", "image_backend", "_link", "_prices", "_diagnosis", "_connection")
HEAVY = ("pydantic_ai", "genai_prices", "google.genai", "openai", "anthropic")


def run(program: str) -> str:
    """What a Python of its own says to this."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("module", LIGHT)
def test_importing_the_adapter_loads_no_sdk(module: str) -> None:
    program = (
        f"import sys, storyloom.adapters.pydantic_ai.{module}\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )

    assert run(program) == "[]"


@pytest.mark.parametrize(
    ("provider", "missing", "extra"),
    [
        ("google", "google.genai", "google"),
        ("openai", "openai", "openai"),
        ("ollama", "openai", "openai"),
        ("anthropic", "anthropic", "anthropic"),
        ("google", "pydantic_ai", "google"),
    ],
)
def test_a_missing_extra_is_named(provider: str, missing: str, extra: str) -> None:
    program = f"""
import asyncio, sys
sys.modules[{missing!r}] = None
from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._link import Link
from storyloom.errors import Misconfigured
try:
    asyncio.run(Link(Connection({provider!r}, "key", "http://127.0.0.1:9/v1")).sdk())
except Misconfigured as fault:
    print(fault)
"""

    assert run(program).endswith(f"pip install 'storyloom[{extra}]'")


@pytest.mark.parametrize(
    ("provider", "missing", "extra"),
    [
        ("google", "google.genai", "google"),
        ("google", "google", "google"),
        ("ollama", "openai", "openai"),
        ("anthropic", "anthropic", "anthropic"),
        ("anthropic", "pydantic_ai", "anthropic"),
    ],
)
def test_what_is_not_installed_is_found_without_loading_it(
    provider: str, missing: str, extra: str
) -> None:
    program = f"""
import sys
sys.modules[{missing!r}] = None
from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._link import check_installed
from storyloom.errors import Misconfigured
try:
    check_installed(Connection({provider!r}, "key"))
except Misconfigured as fault:
    print([name for name in {HEAVY} if sys.modules.get(name)], fault)
"""

    told = run(program)

    assert told.startswith("[] ")
    assert told.endswith(f"pip install 'storyloom[{extra}]'")


@pytest.mark.parametrize("provider", [*WRITERS, "local"])
def test_what_is_installed_is_not_complained_about(provider: str) -> None:
    check_installed(Connection(provider, "key"))


@pytest.mark.parametrize("provider", ["google", "openai", "openai-chat", "anthropic"])
async def test_a_missing_key_is_told(provider: str) -> None:
    with pytest.raises(Misconfigured, match=r"The API key for \w+ is missing"):
        await Link(Connection(provider)).sdk()


@pytest.mark.parametrize("url", [None, "", "ftp://x/v1", "localhost:8000", "http:///v1"])
async def test_an_address_that_is_none_is_told(url: str | None) -> None:
    with pytest.raises(Misconfigured, match="The address of vLLM is missing or no http"):
        await Link(Connection("vllm", None, url)).sdk()


@pytest.mark.parametrize(
    ("connection", "destination"),
    [
        (Connection("google", "k"), "generativelanguage.googleapis.com"),
        (Connection("openai", "k"), "api.openai.com"),
        (Connection("openai-chat", "k"), "api.openai.com"),
        (Connection("anthropic", "k"), "api.anthropic.com"),
        (Connection("ollama", None, "http://gpu.local:11434/v1/"), "gpu.local:11434"),
    ],
)
def test_the_destination_is_a_host(connection: Connection, destination: str) -> None:
    assert connection.destination == destination


def test_a_connection_does_not_show_its_key() -> None:
    assert "secret" not in repr(Connection("google", "secret"))


@pytest.mark.parametrize("provider", [*WRITERS, "local"])
async def test_nothing_of_the_environment_is_used(
    providers: Providers, monkeypatch: pytest.MonkeyPatch, provider: str
) -> None:
    """Keys, addresses, organisations and headers in variables that the SDKs read are not sent."""
    for name in ("OPENAI", "ANTHROPIC", "GOOGLE", "GEMINI"):
        monkeypatch.setenv(f"{name}_API_KEY", "leaked")
        monkeypatch.setenv(f"{name}_BASE_URL", "http://127.0.0.1:9/leaked")
    for name in ("OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "ANTHROPIC_AUTH_TOKEN", "OPENAI_ADMIN_KEY"):
        monkeypatch.setenv(name, "leaked")
    for name in ("OPENAI_CUSTOM_HEADERS", "ANTHROPIC_CUSTOM_HEADERS"):
        monkeypatch.setenv(name, "x-leaked: leaked")
    monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "http://127.0.0.1:9/leaked")
    monkeypatch.setenv("GOOGLE_GENAI_USE_VERTEXAI", "true")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "leaked")
    key = providers.new_key()

    async with linked(providers, provider, key) as link:
        if provider in WRITERS:
            await PydanticAiLanguageModel(link, WRITERS[provider]).ask(QUESTION)
        else:
            request = ImageRequest(prompt="a van", width=64, height=64)
            await PydanticAiImageBackend(link, PAINTERS[provider]).generate(request)

    (seen,) = providers.seen(key)
    assert "leaked" not in str(dict(seen.headers))
    assert b"leaked" not in seen.raw
    assert not [name for name in seen.headers if name.startswith("x-stainless")]


async def test_one_sdk_serves_all_who_come_at_once(providers: Providers) -> None:
    async with linked(providers, "google", "key") as link, asyncio.TaskGroup() as group:
        loading = [group.create_task(link.sdk()) for _ in range(5)]

    assert len({id(task.result()) for task in loading}) == 1


async def test_a_link_is_closed_once_and_may_be_used_again(providers: Providers) -> None:
    key = providers.new_key()
    link = Link(connection(providers, "google", key))
    await link.aclose()
    model = PydanticAiLanguageModel(link, "gemini-3.8-flash")
    first = await link.sdk()

    await link.aclose()
    await link.aclose()

    assert first.http.is_closed
    await model.ask(QUESTION)
    assert len(providers.seen(key)) == 1
    await link.aclose()


@pytest.mark.parametrize("provider", list(WRITERS))
async def test_nothing_that_is_asked_is_logged(
    providers: Providers, caplog: pytest.LogCaptureFixture, provider: str
) -> None:
    key = providers.new_key()
    providers.script(key, "ok", "invalid", "finish:SAFETY", "refusal", "400")

    with caplog.at_level(logging.INFO):
        async with linked(providers, provider, key) as link:
            model = PydanticAiLanguageModel(link, WRITERS[provider])
            for _ in range(5):
                with suppress(StoryloomError):
                    await model.ask(QUESTION)

    assert len(providers.seen(key)) == 5
    assert QUESTION.material not in caplog.text
    assert key not in caplog.text


def test_whoever_chooses_models_loads_neither_an_sdk_nor_http() -> None:
    program = """
import sys
import storyloom.bootstrap.models
unwanted = {"pydantic_ai", "google.genai", "openai", "anthropic", "genai_prices", "httpx2"}
print(sorted(unwanted & set(sys.modules)))
"""

    assert run(program) == "[]"
