"""Pages of what is kept, until there is enough of what is wanted."""

from collections.abc import Awaitable, Callable, Sequence

from storyloom.jobs.schemas import Place, Sought
from storyloom.work.schemas import WorkFilter, WorkSummary, place_of

#: A page of what is kept: at most so many.
Fetch = Callable[[Sought, int], Awaitable[Sequence[WorkSummary]]]


async def wanted_of(
    fetch: Fetch, wanted: WorkFilter, *, after: Place | None, limit: int
) -> Sequence[WorkSummary]:
    """At most so many of those that are wanted, the newest first."""
    found: list[WorkSummary] = []
    while (sought := wanted.sought(after)) is not None:
        page = await fetch(sought, limit)
        found += filter(wanted.takes, page)
        if len(found) >= limit or len(page) < limit:
            return found[:limit]
        after = place_of(page[-1])
    return found
