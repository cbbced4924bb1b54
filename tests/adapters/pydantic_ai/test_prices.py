"""Prices: the operator's first, then those of the list, or none."""

import subprocess
import sys
from decimal import Decimal

import pytest

from storyloom.adapters.pydantic_ai._prices import GenaiPrices
from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.llm.schemas import Question
from storyloom.outbound.schemas import Usage
from tests.adapters.pydantic_ai.shapes import Seven
from tests.providers.routes import linked
from tests.providers.server import Providers

USED = Usage(input_tokens=6000, output_tokens=700)
OWN = GenaiPrices(
    {
        "google:*": (Decimal(9), Decimal(9)),
        "google:gemini-3.8-*": (Decimal(1), Decimal(10)),
        "ollama:*": (Decimal(0), Decimal(0)),
    }
)


@pytest.mark.parametrize(
    ("provider", "model", "cost"),
    [
        ("google", "gemini-3.8-flash", "0.007125"),
        ("openai", "gpt-6-luna", "0.00095"),
        ("openai-chat", "gpt-6-luna", "0.00095"),
        ("anthropic", "claude-haiku-5-5", "0.00095"),
    ],
)
def test_the_list_knows_the_models_of_the_companies(provider: str, model: str, cost: str) -> None:
    assert GenaiPrices().cost(provider, model, USED) == (Decimal(cost), "genai-prices 0.2.3")


def test_tokens_of_a_picture_have_a_price_of_their_own() -> None:
    found = GenaiPrices().cost(
        "google", "gemini-3.1-flash-image", Usage(input_tokens=300, output_tokens=1120)
    )

    assert found is not None
    assert found[0] == Decimal("0.06735")


@pytest.mark.parametrize(
    ("provider", "model"), [("ollama", "qwen3"), ("local", "gpt-6-luna"), ("google", "gemini-99")]
)
def test_what_nobody_knows_is_unknown(provider: str, model: str) -> None:
    assert GenaiPrices().cost(provider, model, USED) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(input_tokens=1), Usage(output_tokens=1)])
def test_unknown_tokens_have_no_price(usage: Usage) -> None:
    assert OWN.cost("google", "gemini-3.8-flash", usage) is None


@pytest.mark.parametrize(
    ("provider", "model", "cost"),
    [
        ("google", "gemini-3.8-flash", "0.013"),
        ("google", "gemini-99", "0.0603"),
        ("ollama", "qwen3", "0"),
    ],
)
def test_the_longest_pattern_of_the_operator_counts(provider: str, model: str, cost: str) -> None:
    assert OWN.cost(provider, model, USED) == (Decimal(cost), "settings")


async def test_an_answer_costs_what_the_operator_says(providers: Providers) -> None:
    question = Question("q", "1", "Read.", "text", Seven)

    async with linked(providers, "google", providers.new_key(), prices=OWN) as link:
        answer = await PydanticAiLanguageModel(link, "gemini-3.8-flash").ask(question)

    used = answer.usage
    assert used.price_source == "settings"
    assert used.cost_usd == OWN.own_cost(
        "google", "gemini-3.8-flash", used.input_tokens or 0, used.output_tokens or 0
    )


async def test_who_tells_no_tokens_leaves_them_unknown(providers: Providers) -> None:
    key = providers.new_key()
    providers.script(key, "no-usage")

    async with linked(providers, "ollama", key, prices=OWN) as link:
        model = PydanticAiLanguageModel(link, "qwen3")
        answer = await model.ask(Question("q", "1", "Read.", "text", Seven))

    assert answer.usage == Usage()


def test_without_the_list_nothing_is_known() -> None:
    program = (
        "import sys; sys.modules['genai_prices'] = None\n"
        "from storyloom.adapters.pydantic_ai._prices import GenaiPrices\n"
        "from storyloom.outbound.schemas import Usage\n"
        "used = Usage(input_tokens=1, output_tokens=1)\n"
        "print(GenaiPrices().cost('google', 'gemini-3.8-flash', used))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.strip() == b"None"
