"""What idempotency needs from outside: one place for all processes."""

from collections.abc import Collection
from typing import Protocol

from storyloom.idempotency.schemas import Found, KeptAnswer, KeyedRequest


class IdempotencyStore(Protocol):
    """Keeps who answers which request, and the answers. Times go by the store's own clock.

    Every method raises `Unavailable` when the store does not answer.
    """

    async def claim(
        self, request: KeyedRequest, *, holder: str, lease_s: float, keep_s: float
    ) -> Found:
        """Claim a request for so long, or tell what there is: of many claims, one is granted.

        What was kept for `keep_s` is forgotten. A claim that nobody renewed, or that was freed, is
        granted again, the former only to the same request.
        """
        ...

    async def renew(self, holders: Collection[str], *, lease_s: float) -> None:
        """Let these claims last so long from now on."""
        ...

    async def keep(self, digest: str, holder: str, answer: KeptAnswer) -> None:
        """Keep the answer, if the claim is still this holder's."""
        ...

    async def free(self, digest: str, holder: str) -> None:
        """Let anybody claim it, if it is still this holder's: it may have been done, or not."""
        ...

    async def withdraw(self, digest: str, holder: str) -> None:
        """Forget the claim, if it is still this holder's: nothing was done."""
        ...

    async def forget(self, *, limit: int) -> int:
        """Remove what need not be kept any longer; how many."""
        ...
