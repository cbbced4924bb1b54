"""The same against real providers, where their keys are set: `pytest -m live`. It costs cents."""

import os
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from storyloom.adapters.pydantic_ai._connection import Connection
from storyloom.adapters.pydantic_ai._diagnosis import list_models
from storyloom.adapters.pydantic_ai._link import Link
from storyloom.adapters.pydantic_ai.image_backend import PydanticAiImageBackend
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import KeyRefused, ModelNotFound
from storyloom.imaging.schemas import ImageRequest
from storyloom.llm.schemas import Attachment, Question
from tests.adapters.pydantic_ai.shapes import Seven
from tests.providers.routes import PAINTERS, WRITERS
from tests.providers.samples import picture

pytestmark = [pytest.mark.live, pytest.mark.timeout(180)]
KEYS = {
    "google": "GOOGLE_API_KEY",
    "openai": "OPENAI_API_KEY",
    "openai-chat": "OPENAI_API_KEY",
    "anthropic": "ANTHROPIC_API_KEY",
}
QUESTION = Question(
    name="understand_code",
    version="1",
    instructions="Say in a headline and one claim what the code does, citing its lines.",
    material="1 def reminder(invoice):\n2     send_mail(invoice.customer, 'Please pay')",
    answer=Seven,
    attachments=(Attachment(picture(256, 256), "image/png"),),
)


@pytest.fixture
def _no_network() -> None:
    """These tests are the ones that may reach for another machine."""


def key_of(provider: str) -> str:
    key = os.environ.get(KEYS[provider])  # noqa: TID251 - the keys of whoever runs the tests
    if not key:
        pytest.skip(f"{KEYS[provider]} is not set")
    return key


@pytest.fixture
async def link(request: pytest.FixtureRequest) -> AsyncGenerator[Link]:
    link = Link(Connection(request.param, key_of(request.param)))
    yield link
    await link.aclose()


def over(models: dict[str, str]) -> Any:
    with_keys = [(name, model) for name, model in models.items() if name in KEYS]
    return pytest.mark.parametrize(("link", "model"), with_keys, indirect=["link"])


@over(WRITERS)
async def test_a_question_is_answered(link: Link, model: str) -> None:
    asked = PydanticAiLanguageModel(link, model)
    await asked.ping()

    answer = await asked.ask(QUESTION)

    assert isinstance(answer.value, Seven)
    assert answer.usage.input_tokens
    assert answer.usage.cost_usd
    assert model in await list_models(link.connection)


@over(PAINTERS)
async def test_a_picture_is_painted(link: Link, model: str) -> None:
    backend = PydanticAiImageBackend(link, model)

    made = await backend.generate(
        ImageRequest(prompt="a red van at dawn, flat illustration", width=1140, height=900)
    )

    assert (made.width, made.height) == (1140, 900)
    assert made.usage.cost_usd


@over(WRITERS)
async def test_a_model_that_nobody_knows_is_told(link: Link, model: str) -> None:
    with pytest.raises(ModelNotFound):
        await PydanticAiLanguageModel(link, f"{model}-of-nobody").ask(QUESTION)


@pytest.mark.parametrize("provider", list(KEYS))
async def test_a_key_that_nobody_knows_is_told(provider: str) -> None:
    key_of(provider)
    link = Link(Connection(provider, "nobodys-key"))

    with pytest.raises(KeyRefused):
        await PydanticAiLanguageModel(link, WRITERS[provider]).ask(QUESTION)
    await link.aclose()
