"""Asks a language model at a provider. Every question is one request; nothing is tried again here."""

from typing import TypeVar

from pydantic import BaseModel

from storyloom.adapters.pydantic_ai._link import Link
from storyloom.llm.names import ModelName
from storyloom.llm.schemas import Answer, Question

A = TypeVar("A", bound=BaseModel)


class PydanticAiLanguageModel:
    """A `LanguageModel` of Google, OpenAI, Anthropic, or a server that speaks as OpenAI does."""

    def __init__(self, link: Link, model: str) -> None:
        """Take the link to the provider, and the model's name there; load nothing yet."""
        self._link = link
        self._name = ModelName(link.connection.provider, model)

    @property
    def provider(self) -> str:
        """Who runs it, such as `google`."""
        return self._name.provider

    @property
    def model(self) -> str:
        """Its name there, such as `gemini-3.8-flash`."""
        return self._name.model

    @property
    def destination(self) -> str:
        """The host that gets what is asked."""
        return self._link.connection.destination

    async def ask(self, question: Question[A]) -> Answer[A]:
        """Ask once, for an answer of the question's shape."""
        sdk = await self._link.sdk()
        from storyloom.adapters.pydantic_ai._asking import ask  # noqa: PLC0415 - loaded by now

        return await ask(sdk, self._name, question)

    async def ping(self) -> None:
        """Return when the provider knows us and the model; raise what `ask` would raise."""
        await self._link.look_for(self.model)
