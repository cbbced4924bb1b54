"""How many requests one caller may make, without asking for each of them.

Requests are taken from the shared count in portions of a hundredth of what a window has, and handed
out here: a poll costs a look into a dictionary. So several processes share one count at a hundredth of
its price, and may leave a portion of it unused when the window ends. Where the limit is below two
hundred, each request is counted by itself. A shared count that is away is not waited for: each process
then counts for itself.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from storyloom.access.errors import TooManyRequests
from storyloom.access.ports import RateCounter
from storyloom.access.schemas import RateLimit, Standing, Taken
from storyloom.errors import Unavailable

PORTIONS = 100
MOST_CALLERS = 10_000
LEAVE_ALONE_S = 5.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Portion:
    in_hand: int
    left: int  #: of the window, when it was taken
    until_s: float  #: the end of the window, by the clock that only goes on


class Limits:
    """Counts the requests of callers, and refuses those that are too many."""

    def __init__(
        self,
        limit: RateLimit,
        own: RateCounter,
        shared: RateCounter | None = None,
        *,
        clock_s: Callable[[], float] = monotonic,
    ) -> None:
        """Take the limit, the count of this process, and the one that all processes share."""
        self.limit = limit
        self._own = own
        self._shared = shared
        self._clock_s = clock_s
        self._amount = max(1, limit.requests // PORTIONS)
        self._portions: OrderedDict[str, _Portion] = OrderedDict()
        self._shared_from_s = 0.0

    async def count(self, who: str) -> Standing:
        """Count one request; raises `TooManyRequests` with the seconds to wait."""
        now_s = self._clock_s()
        portion = self._portions.get(who)
        if portion is None or now_s >= portion.until_s:
            portion = await self._next(who)
        elif portion.in_hand == 0:
            if portion.left == 0:
                raise self._too_many(portion, now_s)
            portion = await self._next(who)
        if portion.in_hand == 0:
            raise self._too_many(portion, now_s)
        portion.in_hand -= 1
        return Standing(
            self.limit, portion.left + portion.in_hand, max(0.0, portion.until_s - now_s)
        )

    def refuse_spent(self, who: str) -> None:
        """Raise `TooManyRequests` where nothing is left, and count nothing."""
        now_s = self._clock_s()
        portion = self._portions.get(who)
        if portion is not None and now_s < portion.until_s and not portion.in_hand + portion.left:
            raise self._too_many(portion, now_s)

    async def _next(self, who: str) -> _Portion:
        taken = await self._take(who)
        now_s = self._clock_s()
        got = self._amount if taken.granted else 0
        left = taken.left if taken.granted else 0
        # Others may have taken a portion too, while this one was waited for.
        before = self._portions.get(who)
        if before is not None and now_s < before.until_s:
            before.in_hand += got
            before.left = left
            return before
        # The clocks differ by less than anybody notices, and more than a window would look wrong.
        reset_s = min(taken.reset_s, self.limit.window_s)
        portion = _Portion(got, left, now_s + reset_s)
        self._portions[who] = portion
        self._portions.move_to_end(who)
        if len(self._portions) > MOST_CALLERS:
            self._portions.popitem(last=False)
        return portion

    async def _take(self, who: str) -> Taken:
        if self._shared is not None and self._clock_s() >= self._shared_from_s:
            try:
                return await self._shared.take(who, self.limit, self._amount)
            except Unavailable as fault:
                self._shared_from_s = self._clock_s() + LEAVE_ALONE_S
                log.warning("requests are counted by each process: %s", fault)
        return await self._own.take(who, self.limit, self._amount)

    def _too_many(self, portion: _Portion, now_s: float) -> TooManyRequests:
        return TooManyRequests(Standing(self.limit, 0, max(1.0, portion.until_s - now_s)))
