"""The last line of defence: whatever is asked, no secret that can be told goes with it."""

from dataclasses import replace
from typing import Protocol, TypeVar

from anyio import to_thread
from pydantic import BaseModel

from storyloom.llm.schemas import Answer, Question

A = TypeVar("A", bound=BaseModel)


class Asks(Protocol):
    """Whatever can be asked, as a `LanguageModel` is."""

    async def ask(self, question: Question[A]) -> Answer[A]:
        """Ask once; raises as a `LanguageModel` does."""
        ...


class GuardedLanguageModel:
    """Asks another model, with the secrets taken out of the question's material.

    Placeholders that are there already stay as they are, and so does what our own instructions hold,
    such as the mark of a fence. Pictures pass as they are.
    """

    def __init__(self, inner: Asks) -> None:
        """Take the model that is asked."""
        self._inner = inner

    async def ask(self, question: Question[A]) -> Answer[A]:
        """Ask without the secrets; raises what the inner model raises."""
        return await self._inner.ask(await to_thread.run_sync(without_secrets, question))


def without_secrets(question: Question[A]) -> Question[A]:
    """Take the secrets out of a question. What was wrong with an answer may quote the material."""
    from storyloom.llm.redaction import Redactor  # noqa: PLC0415 - a megabyte, for the first question

    redactor = Redactor(ours=question.instructions)
    material = redactor.redacted(question.material).text
    return replace(
        question, material=material, complaint=redactor.redacted(question.complaint).text
    )
