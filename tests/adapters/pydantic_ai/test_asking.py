"""How questions are asked of models that can do less, or more, than most."""

import json
from dataclasses import replace
from typing import Any

from pydantic import create_model

from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.llm.schemas import Question
from tests.adapters.pydantic_ai.shapes import Seven
from tests.providers.routes import linked
from tests.providers.server import Providers

QUESTION = Question("understand_code", "1", "You read code.", "def pay(): ...", Seven)
ANSWER: dict[str, Any] = {"headline": "Payments, chased", "claims": []}


async def test_a_model_that_cannot_be_forced_is_told_the_shape(providers: Providers) -> None:
    key = providers.new_key()
    providers.script(key, ANSWER)

    async with linked(providers, "anthropic", key) as link:
        model = PydanticAiLanguageModel(link, "claude-3-5-haiku-x")
        answer = await model.ask(QUESTION)

    assert answer.value.headline == "Payments, chased"
    (seen,) = providers.seen(key)
    assert "output_config" not in seen.body
    assert "maxLength" in json.dumps(seen.body["system"])


async def test_a_model_that_does_not_think_takes_the_temperature(providers: Providers) -> None:
    key = providers.new_key()

    async with linked(providers, "openai", key) as link:
        for name in ("gpt-4.1-mini", "gpt-6-luna"):
            await PydanticAiLanguageModel(link, name).ask(replace(QUESTION, temperature=0.7))

    first, second = (seen.body for seen in providers.seen(key))
    assert (first.get("temperature"), first.get("reasoning")) == (0.7, None)
    assert (second.get("temperature"), second["reasoning"]["effort"]) == (None, "low")


async def test_ever_new_shapes_do_not_fill_the_memory(providers: Providers) -> None:
    key = providers.new_key()

    async with linked(providers, "google", key) as link:
        model = PydanticAiLanguageModel(link, "gemini-3.8-flash")
        for number in range(40):
            shape = create_model(f"Shape{number}", __base__=Seven)
            answer = await model.ask(replace(QUESTION, answer=shape))
            assert type(answer.value) is shape
        sdk = await link.sdk()

    assert 0 < len(sdk.agents) <= 32
    assert len(providers.seen(key)) == 40


async def test_instructions_are_those_of_each_question(providers: Providers) -> None:
    key = providers.new_key()

    async with linked(providers, "google", key) as link:
        model = PydanticAiLanguageModel(link, "gemini-3.8-flash")
        for said in ("You read code.", "You read roadmaps."):
            await model.ask(replace(QUESTION, instructions=said))

    told = [seen.body["systemInstruction"]["parts"] for seen in providers.seen(key)]
    assert told == [[{"text": "You read code."}], [{"text": "You read roadmaps."}]]
