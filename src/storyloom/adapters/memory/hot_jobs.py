"""Hot answers kept in this process."""

from collections import OrderedDict

from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId

TTL_S = 3600.0


class MemoryHotJobs:
    """Keeps each answer for an hour. What is too old is dropped when something is added."""

    def __init__(self, clock: Clock, ttl_s: float = TTL_S) -> None:
        """Take the clock that tells when an hour is over."""
        self._clock = clock
        self._ttl_s = ttl_s
        self._kept: OrderedDict[JobId, tuple[float, bytes]] = OrderedDict()

    async def put(self, job_id: JobId, body: bytes) -> None:
        """Keep the answer."""
        now = self._now()
        self._kept.pop(job_id, None)
        self._kept[job_id] = (now + self._ttl_s, body)
        # Entries lie in the order of their expiry, so the old ones are the first.
        while next(iter(self._kept.values()))[0] <= now:
            self._kept.popitem(last=False)

    async def get(self, job_id: JobId) -> bytes | None:
        """The answer, or None when it has gone."""
        found = self._kept.get(job_id)
        return found[1] if found is not None and found[0] > self._now() else None

    async def delete(self, job_id: JobId) -> None:
        """Forget the answer."""
        self._kept.pop(job_id, None)

    async def ping(self) -> None:
        """Memory always answers."""

    def _now(self) -> float:
        return self._clock.now().timestamp()
