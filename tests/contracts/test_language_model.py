"""What every language model promises, over the wires of all providers."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import BaseModel, Field

from storyloom.adapters.pydantic_ai.language_model import PydanticAiLanguageModel
from storyloom.errors import (
    BadAnswer,
    ContentBlocked,
    KeyRefused,
    ModelNotFound,
    RateLimited,
    StoryloomError,
    Truncated,
)
from storyloom.llm.ports import LanguageModel
from storyloom.llm.schemas import Attachment, Question
from tests.providers.books import Seen
from tests.providers.routes import WRITERS, linked
from tests.providers.samples import picture
from tests.providers.server import Providers

CANARY = "canary-5f2c"
REFUSALS = {"google": "finish:SAFETY"}


class Claim(BaseModel):
    text: str
    lines: list[int] = Field(default=[], max_length=3)


class Seven(BaseModel):
    headline: str = Field(min_length=3, max_length=90)
    claims: list[Claim]
    mood: str | None = None


QUESTION = Question(
    name="understand_code",
    version="1",
    instructions="You read code.",
    material=f"def pay(): ...  # {CANARY}",
    answer=Seven,
)


@dataclass
class Subject:
    model: LanguageModel
    providers: Providers
    key: str
    refusal: str

    @property
    def seen(self) -> list[Seen]:
        return self.providers.seen(self.key)

    async def fault(self, reply: str, question: Question[Seven] = QUESTION) -> StoryloomError:
        self.providers.script(self.key, reply)
        with pytest.raises(StoryloomError) as caught:
            await self.model.ask(question)
        assert len(self.seen) == 1, "one question is one request"
        assert CANARY not in caught.value.message
        return caught.value


@pytest.fixture(params=list(WRITERS))
async def subject(request: pytest.FixtureRequest, providers: Providers) -> AsyncGenerator[Subject]:
    provider, key = request.param, providers.new_key()
    async with linked(providers, provider, key) as link:
        model = PydanticAiLanguageModel(link, WRITERS[provider])
        yield Subject(model, providers, key, REFUSALS.get(provider, "refusal"))


async def test_it_tells_who_gets_what_is_asked(subject: Subject) -> None:
    assert WRITERS[subject.model.provider] == subject.model.model
    assert subject.model.destination == subject.providers.url.removeprefix("http://")


async def test_an_answer_has_the_shape_and_tells_what_it_used(subject: Subject) -> None:
    answer = await subject.model.ask(QUESTION)

    assert isinstance(answer.value, Seven)
    assert answer.model == f"{subject.model.provider}:{subject.model.model}"
    assert answer.usage.input_tokens
    assert answer.usage.output_tokens
    is_priced = answer.usage.cost_usd is not None and answer.usage.cost_usd > 0
    assert is_priced is (subject.model.provider != "ollama"), "unknown is not nothing"
    assert len(subject.seen) == 1


async def test_all_of_a_question_is_sent(subject: Subject) -> None:
    shot = picture(64, 64)
    question = replace(
        QUESTION,
        attachments=(Attachment(shot, "image/png"),),
        complaint="- headline is too long",
    )

    await subject.model.ask(question)

    sent = subject.seen[0].raw.decode()
    for part in (question.instructions, CANARY, question.complaint, "maxLength"):
        assert part in sent
    shown = base64.b64encode(shot).decode()
    assert shown in sent or shown.replace("+", "-").replace("/", "_") in sent
    assert sent.index(CANARY) < sent.index(question.complaint)
    assert "tools" not in subject.seen[0].body


async def test_many_questions_at_once_get_their_own_answers(subject: Subject) -> None:
    def echoed(seen: Seen) -> dict[str, Any]:
        number = seen.raw.decode().partition("number ")[2][:2]
        return {"headline": f"number {number}", "claims": []}

    subject.providers.always(subject.key, echoed)
    numbers = [f"number {number}" for number in range(10, 30)]
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(subject.model.ask(replace(QUESTION, material=number)))
            for number in numbers
        ]

    assert [task.result().value.headline for task in asked] == numbers


@pytest.mark.parametrize("reply", ["fenced", "ok"])
async def test_a_fence_around_the_answer_is_no_fault(subject: Subject, reply: str) -> None:
    subject.providers.script(subject.key, reply)

    assert isinstance((await subject.model.ask(QUESTION)).value, Seven)


async def test_another_shape_is_named_and_not_quoted(subject: Subject) -> None:
    claims = [{"text": "a", "lines": [CANARY]}]

    fault = await subject.fault(f"json={json.dumps({'headline': 'x', 'claims': claims})}")

    assert isinstance(fault, BadAnswer)
    assert fault.message.startswith("headline: String should have at least 3 characters; ")
    assert "claims.0.lines.0: Input should be a valid integer" in fault.message
    assert fault.tokens is not None, "it will be billed"


async def test_what_is_no_json_is_no_answer(subject: Subject) -> None:
    fault = await subject.fault("text=I would rather talk.")

    assert isinstance(fault, BadAnswer)
    assert "JSON" in fault.message


async def test_a_cut_answer_is_told(subject: Subject) -> None:
    fault = await subject.fault("maxtokens")

    assert isinstance(fault, Truncated)
    assert fault.tokens is not None


async def test_a_refusal_names_what_was_refused_and_when(subject: Subject) -> None:
    fault = await subject.fault(subject.refusal)

    assert isinstance(fault, ContentBlocked)
    assert " refused the code file at the stage of understanding" in fault.message
    assert fault.system == subject.model.provider


async def test_a_refused_picture_is_called_so(subject: Subject) -> None:
    shot = (Attachment(picture(64, 64), "image/png"),)

    fault = await subject.fault(subject.refusal, replace(QUESTION, name="x_y", attachments=shot))

    assert " refused the picture at the stage of x y" in fault.message


async def test_a_wait_that_is_asked_for_is_told(subject: Subject) -> None:
    fault = await subject.fault("429:1.5s")

    assert isinstance(fault, RateLimited)
    assert fault.retry_after_s == 1.5


async def test_it_is_ready_when_its_provider_knows_the_model(subject: Subject) -> None:
    if subject.model.provider == "ollama":
        subject.model = replace_model(subject, "llama4")

    await subject.model.ping()

    assert subject.providers.charges(subject.key) == {"text": 0, "picture": 0}


async def test_a_model_that_nobody_knows_is_told(subject: Subject) -> None:
    with pytest.raises(ModelNotFound, match="does not know the model gemini-99"):
        await replace_model(subject, "gemini-99").ping()


async def test_a_key_that_nobody_knows_is_told(subject: Subject) -> None:
    subject.providers.script(subject.key, "401")

    with pytest.raises(KeyRefused, match="does not accept our API key"):
        await subject.model.ping()


def replace_model(subject: Subject, name: str) -> LanguageModel:
    assert isinstance(subject.model, PydanticAiLanguageModel)
    return PydanticAiLanguageModel(subject.model._link, name)
