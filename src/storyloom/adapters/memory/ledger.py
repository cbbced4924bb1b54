"""The ledger of calls to providers in this process, for commands that can keep nothing."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import count

from storyloom.kit.ids import JobId
from storyloom.outbound.budgets import day_of, refuse_beyond
from storyloom.outbound.schemas import OK, Budget, Call, Ending, Entry, Spent, Usage


class MemoryLedger:
    """Keeps calls in a dictionary, oldest first. Nothing waits, so every method is of one piece."""

    def __init__(self) -> None:
        """Begin with an empty ledger."""
        self._entries: dict[str, Entry] = {}
        self._ids = map(str, count(1))

    async def open(self, call: Call, *, attempt: int, at: datetime, budget: Budget) -> str:
        """Write down that a call is about to be sent; raises `BudgetUsedUp`."""
        start, end = day_of(at)
        org_id, job_id = call.account.org_id, call.account.job_id
        of_org_day = self._spent_of(
            call, lambda e: e.call.account.org_id == org_id and start <= e.started_at < end
        )
        of_job = self._spent_of(
            call, lambda e: job_id is not None and e.call.account.job_id == job_id
        )
        refuse_beyond(budget, call, of_job=of_job, of_org_day=of_org_day)
        entry = Entry(id=next(self._ids), call=call, attempt=attempt, started_at=at)
        self._entries[entry.id] = entry
        return entry.id

    async def close(self, entry_id: str, ending: Ending) -> None:
        """Write down how it ended."""
        if entry_id in self._entries:
            entry = self._entries[entry_id]
            self._entries[entry_id] = entry.model_copy(update={"ending": ending})

    async def answered(self, org_id: str, input_hash: str) -> Entry | None:
        """The newest call of the organisation with this input that brought what was asked."""
        found = [
            entry
            for entry in self._entries.values()
            if entry.call.account.org_id == org_id
            and entry.call.input_hash == input_hash
            and entry.outcome == OK
        ]
        return max(found, key=lambda entry: entry.started_at, default=None)

    async def of_job(self, job_id: JobId) -> Sequence[Entry]:
        """All calls of a job, oldest first."""
        entries = [e for e in self._entries.values() if e.call.account.job_id == job_id]
        return sorted(entries, key=lambda entry: (entry.started_at, entry.attempt))

    async def spent(self, *, since: datetime, org_id: str) -> Spent:
        """What an organisation has spent since then."""
        (spent,) = await self.spent_between(times=[since], org_id=org_id)
        return spent

    async def spent_between(self, *, times: Sequence[datetime], org_id: str) -> Sequence[Spent]:
        """What it has spent from each of these times to the next, or until now."""
        own = [e for e in self._entries.values() if e.call.account.org_id == org_id]
        ends = [*times[1:], None]
        return [
            _added_up(
                e for e in own if start <= e.started_at and (end is None or e.started_at < end)
            )
            for start, end in zip(times, ends, strict=True)
        ]

    async def forget(self, *, before: datetime) -> int:
        """Remove the calls that were made before this time; how many."""
        old = [e.id for e in self._entries.values() if e.started_at < before]
        for entry_id in old:
            del self._entries[entry_id]
        return len(old)

    async def ping(self) -> None:
        """Memory always answers."""

    def _spent_of(self, call: Call, which: Callable[[Entry], bool]) -> Decimal:
        """What counts against a budget; what is made anew, now or later, counts once."""
        anew: set[tuple[JobId, str]] = set()
        if call.account.job_id is not None:
            anew.add((call.account.job_id, call.input_hash))
        sum_usd = Decimal(0)
        for entry in reversed(self._entries.values()):
            job_id = entry.call.account.job_id
            made = None if job_id is None else (job_id, entry.call.input_hash)
            if which(entry) and (entry.ending is not None or made not in anew):
                sum_usd += _counted(entry)
            if made is not None:
                anew.add(made)
        return sum_usd


def _added_up(entries: Iterable[Entry]) -> Spent:
    usages = [entry.ending.usage if entry.ending else Usage() for entry in entries]
    costs = [usage.cost_usd for usage in usages if usage.cost_usd is not None]
    return Spent(
        cost_usd=sum(costs, Decimal(0)),
        calls=len(usages),
        unknown_calls=len(usages) - len(costs),
        input_tokens=sum(usage.input_tokens or 0 for usage in usages),
        output_tokens=sum(usage.output_tokens or 0 for usage in usages),
    )


def _counted(entry: Entry) -> Decimal:
    """What is not known to cost less counts with the most that it should have cost."""
    if entry.ending is not None and entry.ending.usage.cost_usd is not None:
        return entry.ending.usage.cost_usd
    return entry.call.estimate_usd or Decimal(0)
