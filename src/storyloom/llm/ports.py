"""What the rest of Storyloom asks of a language model."""

from typing import Protocol, TypeVar

from pydantic import BaseModel

from storyloom.llm.schemas import Answer, Question

A = TypeVar("A", bound=BaseModel)


class Asks(Protocol):
    """Whatever can be asked; that it is paid for, limited and repeated is not seen here."""

    async def ask(self, question: Question[A]) -> Answer[A]:
        """Ask once; raises as a `LanguageModel` does."""
        ...


class LanguageModel(Protocol):
    """Answers questions. Every `ask` of an adapter is exactly one request to its provider."""

    @property
    def provider(self) -> str:
        """Who runs it, such as `google`."""
        ...

    @property
    def model(self) -> str:
        """Its name there, such as `gemini-3.8-flash`."""
        ...

    @property
    def destination(self) -> str:
        """The host that gets what is asked."""
        ...

    async def ask(self, question: Question[A]) -> Answer[A]:
        """Ask once.

        Raises `ContentBlocked`, `KeyRefused`, `QuotaUsedUp`, `ModelNotFound` or `Rejected` when it
        refuses; `RateLimited`, `Overloaded`, `ServerFault`, `Unreachable` or `TimedOut` when
        another try may help; `Truncated`, or `BadAnswer` with what was wrong as its message, when
        the answer does not have the shape.
        """
        ...

    async def ping(self) -> None:
        """Return when the provider knows us and the model; raise what `ask` would raise."""
        ...
