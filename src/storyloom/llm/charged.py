"""Questions whose answers are paid once, written down, and asked of the next model when one fails."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from hashlib import sha256
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from storyloom.llm.ports import LanguageModel
from storyloom.llm.schemas import Answer, Question
from storyloom.outbound.account import current_account
from storyloom.outbound.desk import Desk
from storyloom.outbound.digest import input_hash_of
from storyloom.outbound.fallback import Candidate, first_that_works
from storyloom.outbound.providers import spoken
from storyloom.outbound.schemas import Account, Call, Paid, Usage

A = TypeVar("A", bound=BaseModel)
# Fewer than any tokenizer needs for code, so that the estimate is not too low.
_BYTES_PER_TOKEN = 3
_TOKENS_OF_A_PICTURE = 1600


class ChargedLanguageModel:
    """Asks the first of its models that works, through the desk, on the account of the caller.

    An equal question of the same organisation is answered by what the same model answered before.
    So a question must hold nothing random.
    """

    def __init__(self, models: Sequence[LanguageModel], desk: Desk) -> None:
        """Take the models, the wanted one first; there is at least one."""
        self._models = models
        self._desk = desk

    @property
    def provider(self) -> str:
        """Who runs the wanted model."""
        return self._models[0].provider

    @property
    def model(self) -> str:
        """The name of the wanted model there."""
        return self._models[0].model

    @property
    def destination(self) -> str:
        """The host of the wanted model."""
        return self._models[0].destination

    async def ask(self, question: Question[A]) -> Answer[A]:
        """Ask; raises what a language model raises, `BudgetUsedUp`, `Resting` or `Busy`."""
        given = await first_that_works(
            [Candidate(_name(model), partial(self._ask, model, question)) for model in self._models]
        )
        return replace(given.value, stand_in=given.stand_in)

    async def ping(self) -> None:
        """Ping the wanted model."""
        await self._models[0].ping()

    async def _ask(self, model: LanguageModel, question: Question[A]) -> Answer[A]:
        # In a thread: pictures are large, and so may be the material.
        call, most = await asyncio.to_thread(_call_of, current_account(), model, question)

        async def work() -> Paid[Answer[A]]:
            answer = await model.ask(question)
            return Paid(answer, answer.usage)

        memory = _AnswerMemory(question.answer, _name(model))
        paid = await self._desk.call(call, work, memory, who=spoken(model.provider), most=most)
        return Answer(paid.value.value, paid.value.model, paid.usage)


class _AnswerMemory(Generic[A]):
    """Keeps an answer as its own JSON."""

    def __init__(self, shape: type[A], model: str) -> None:
        self._shape = shape
        self._model = model

    async def keep(self, value: Answer[A]) -> JsonValue:
        """The answer's value."""
        return value.value.model_dump(mode="json")

    async def again(self, kept: JsonValue) -> Answer[A] | None:
        """The answer, unless its shape has changed in a way that its schema does not tell."""
        try:
            value = self._shape.model_validate(kept)
        except ValidationError:
            return None
        return Answer(value, self._model, Usage())


def _name(model: LanguageModel) -> str:
    return f"{model.provider}:{model.model}"


@cache
def _shape_of(answer: type[BaseModel]) -> JsonValue:
    """The schema of an answer; making one takes milliseconds, and there are few."""
    return answer.model_json_schema()


def _call_of(account: Account, model: LanguageModel, question: Question[A]) -> tuple[Call, Usage]:
    """The call, and the most that it should use."""
    sent: dict[str, JsonValue] = {
        "instructions": question.instructions,
        "material": question.material,
        "complaint": question.complaint,
        "answer": _shape_of(question.answer),
    }
    text_bytes = len(json.dumps(sent, ensure_ascii=False).encode("utf-8", "replace"))
    pictures = question.attachments
    decides: dict[str, JsonValue] = {
        **sent,
        "provider": model.provider,
        "model": model.model,
        "name": question.name,
        "version": question.version,
        "attachments": [[p.media_type, sha256(p.data).hexdigest()] for p in pictures],
        "settings": [question.max_output_tokens, question.temperature],
    }
    call = Call(
        account=account,
        provider=model.provider,
        model=model.model,
        purpose=question.name,
        prompt_version=question.version,
        input_hash=input_hash_of(decides),
        size_bytes=text_bytes + sum(len(picture.data) for picture in pictures),
        destination=model.destination,
    )
    most = Usage(
        input_tokens=text_bytes // _BYTES_PER_TOKEN + 1 + _TOKENS_OF_A_PICTURE * len(pictures),
        output_tokens=question.max_output_tokens,
    )
    return call, most
