"""What calls need from outside: a ledger, and prices."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from storyloom.kit.ids import JobId
from storyloom.outbound.schemas import Budget, Call, Ending, Entry, Spent, Usage


class Ledger(Protocol):
    """Every call to a provider, written down before it is sent and after it has ended."""

    async def open(self, call: Call, *, attempt: int, at: datetime, budget: Budget) -> str:
        """Write down that a call is about to be sent, and give the entry's id.

        Raises `BudgetUsedUp`, and writes nothing, when what the job or the organisation has spent
        and this call's estimate exceed the budget. A call whose cost is unknown, such as an open
        one, counts with its estimate; an open one that its job made anew, with the same input,
        counts no more. Whoever opens at the same time cannot exceed the budget together. The
        organisation's day is the UTC day of `at`.
        """
        ...

    async def close(self, entry_id: str, ending: Ending) -> None:
        """Write down how it ended. What returns without an error is on disk."""
        ...

    async def answered(self, org_id: str, input_hash: str) -> Entry | None:
        """The newest call of the organisation with this input that brought what was asked."""
        ...

    async def of_job(self, job_id: JobId) -> Sequence[Entry]:
        """All calls of a job, oldest first."""
        ...

    async def spent(self, *, since: datetime, org_id: str) -> Spent:
        """What an organisation has spent since then."""
        ...

    async def spent_between(self, *, times: Sequence[datetime], org_id: str) -> Sequence[Spent]:
        """What it has spent from each of these times, oldest first, to the next or until now."""
        ...

    async def forget(self, *, before: datetime) -> int:
        """Remove the calls that were made before this time; how many."""
        ...

    async def ping(self) -> None:
        """Return when entries can be read; raise `Unavailable` when they cannot."""
        ...


class Prices(Protocol):
    """What models cost. Reading the price list may block for a moment: call it in a thread."""

    def cost(self, provider: str, model: str, usage: Usage) -> tuple[Decimal, str] | None:
        """The cost in US dollars and where the price comes from, or None where nobody knows."""
        ...
