"""How long the last storyboards of an organisation took, as estimates need it."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime, timedelta

from storyloom.jobs.ports import JobIndex
from storyloom.jobs.schemas import JobStatus, Sought
from storyloom.kit.clock import Clock

#: So many of the last ones tell how long one takes.
RECENT = 12
#: An estimate is not better for being looked up at every poll.
FRESH = timedelta(seconds=5)
#: Of so many organisations and kinds it is remembered.
MOST = 1000


class Lately:
    """Looks it up in the index, and remembers it for some seconds in this process."""

    def __init__(self, index: JobIndex, clock: Clock) -> None:
        """Take where the last ones are found, and the clock that jobs go by."""
        self._index = index
        self._clock = clock
        self._kept: OrderedDict[tuple[str, str], tuple[datetime, Sequence[float]]] = OrderedDict()

    async def took_s(self, org_id: str, kind: str) -> Sequence[float]:
        """The seconds that the last finished ones took; none where there are none."""
        key, now = (org_id, kind), self._clock.now()
        until, known = self._kept.get(key, (now, ()))
        if now < until:
            return known
        if key in self._kept:
            # Whoever asks meanwhile does with what was known: one looks it up.
            self._kept[key] = (now + FRESH, known)
        done = Sought(frozenset({JobStatus.COMPLETED}), frozenset({kind}))
        last = await self._index.page(org_id, done, limit=RECENT)
        took_s = [(job.execution_time_ms or 0) / 1000 for job in last]
        self._kept[key] = (self._clock.now() + FRESH, took_s)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return took_s
