"""How the answer to a call is kept in the ledger, and had again without a new call."""

from typing import Protocol, TypeVar

from pydantic import JsonValue

T = TypeVar("T")


class Memory(Protocol[T]):
    """Turns answers into small JSON and back. Both ways may use our own stores."""

    async def keep(self, value: T) -> JsonValue:
        """The answer, or where it is kept; doing it again changes nothing."""
        ...

    async def again(self, kept: JsonValue) -> T | None:
        """The answer, as young as a new one; None when it has gone or does not fit any more."""
        ...
