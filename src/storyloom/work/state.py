"""Work of all kinds, as one caller sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

from storyloom.access.schemas import Caller
from storyloom.errors import NotAllowed, Unsupported
from storyloom.jobs.queues import Queues
from storyloom.kit.ids import JobId, parse_job_id
from storyloom.outbound.costs import Cost, cost_of
from storyloom.outbound.ports import Ledger
from storyloom.work.cursor import cursor_of, place_at
from storyloom.work.errors import WorkNotFound
from storyloom.work.ordering import WorkOrder
from storyloom.work.ports import WorkSource
from storyloom.work.schemas import Explanation, Work, WorkFilter, WorkList, newest_first, place_of


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose work it is, and who asks."""

    org_id: str
    caller: Caller


class Works:
    """One method for each thing that can be asked. Foreign work is not found."""

    def __init__(self, sources: Sequence[WorkSource], queues: Queues, ledger: Ledger) -> None:
        """Take what brings each kind, the queues that they wait in, and what calls have cost."""
        self._ledger = ledger
        self._sources = sources
        self.queues = queues

    async def page(
        self, whose: Whose, wanted: WorkFilter, *, limit: int, cursor: str | None
    ) -> WorkList:
        """The newest first; raises `InvalidInput` for a cursor that is not ours.

        A page says where it ends, so nothing is shown twice or left out while work arrives.
        """
        after = None if cursor is None else place_at(cursor)
        # One more than is shown tells whether there is a next page.
        pages = [
            await source.page(whose.org_id, wanted, after=after, limit=limit + 1)
            for source in self._of(whose)
            if not wanted.kinds or wanted.kinds & set(source.kinds)
        ]
        found = newest_first(pages)
        shown = found[:limit]
        more = len(found) > limit
        return WorkList(data=shown, next_cursor=cursor_of(place_of(shown[-1])) if more else None)

    async def get(self, whose: Whose, name: str) -> Work:
        """One piece of work, whole; raises `WorkNotFound`."""
        return (await self._found(whose, name))[1]

    async def cancel(self, whose: Whose, name: str) -> Work:
        """Stop it; doing so again changes nothing. Raises `WorkNotFound`."""
        source, work = await self._found(whose, name)
        return await source.cancel(whose.org_id, JobId(work.id))

    async def retry(self, whose: Whose, name: str) -> Work:
        """Do again what has failed, and give what is done now.

        Raises `WorkNotFound` and `NothingFailed`.
        """
        source, work = await self._found(whose, name)
        return await source.retry(whose.org_id, JobId(work.id))

    async def explain(self, whose: Whose, name: str) -> Explanation:
        """Why it is where it is; raises `WorkNotFound`."""
        source, work = await self._found(whose, name)
        return await source.explain(whose.org_id, JobId(work.id))

    async def cost(self, whose: Whose, name: str) -> Cost:
        """What its calls to models have cost so far; raises `WorkNotFound`."""
        work = await self.get(whose, name)
        return cost_of(await self._ledger.of_job(JobId(work.id)))

    async def create(self, whose: Whose, order: WorkOrder) -> Work:
        """Accept work; raises `NotAllowed` for a kind that the key does not cover."""
        for source in self._sources:
            if order.kind in source.kinds:
                if not whose.caller.may(source.scope):
                    raise NotAllowed(f"The key does not cover this: it lacks '{source.scope}'")
                return await source.create(whose.org_id, order)
        raise Unsupported(f"Nothing here does work of the kind '{order.kind}'.")

    async def _found(self, whose: Whose, name: str) -> tuple[WorkSource, Work]:
        work_id = parse_job_id(name)
        if work_id is not None:
            for source in self._of(whose):
                work = await source.get(whose.org_id, work_id)
                if work is not None:
                    return source, work
        raise WorkNotFound(name)

    def _of(self, whose: Whose) -> list[WorkSource]:
        return [source for source in self._sources if whose.caller.may(source.scope)]
