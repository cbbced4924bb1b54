"""Waiting for the end of a job, woken by its event: whichever process it ends in."""

from collections.abc import Awaitable, Callable
from contextlib import aclosing
from typing import Protocol, TypeVar

import anyio

from storyloom.errors import StoryloomError
from storyloom.events.schemas import ENDS, Filter
from storyloom.events.state import Events

# Forgets what this process remembers of a job: it has ended, perhaps in another process.
Outdate = Callable[[str], Awaitable[None]]
# An event that was lost in a crash is made good later; until then, one has to look.
_LOOK_EVERY_S = 5.0


class Look(Protocol):
    """What was seen of a job."""

    @property
    def is_over(self) -> bool:
        """Whether there is nothing to wait for."""
        ...


_L = TypeVar("_L", bound=Look)


class Ends:
    """Holds on to those who wait for the end of a job."""

    def __init__(
        self, events: Events, outdate: Outdate, *, look_every_s: float = _LOOK_EVERY_S
    ) -> None:
        """Take the log of what happens, and what makes this process see an end of another."""
        self._events = events
        self._outdate = outdate
        self._look_every_s = look_every_s

    async def awaited(
        self,
        job_id: str,
        within_s: float,
        look: Callable[[], Awaitable[_L]],
        *,
        org_id: str | None = None,
    ) -> _L:
        """What is seen when the job has ended or the time is over; where none can wait, now.

        Whoever waits takes a place of the organisation among those who follow.
        """
        seen = await look()
        if seen.is_over or not within_s:
            return seen
        try:
            with anyio.move_on_after(within_s):
                return await self._followed(job_id, look, org_id)
        except StoryloomError:
            return seen  # too many wait, or the log is away: whoever asks may ask again
        return await look()

    async def _followed(
        self, job_id: str, look: Callable[[], Awaitable[_L]], org_id: str | None
    ) -> _L:
        wanted = Filter(subject_id=job_id, types=frozenset(ENDS))
        async with self._events.following(wanted, org_id=org_id) as following:
            seen = await look()  # it may have ended before anybody listened
            async with aclosing(following.events(beat_s=self._look_every_s)) as told:
                while not seen.is_over and (ends := await anext(told, None)) is not None:
                    if ends:
                        await self._outdate(job_id)
                    seen = await look()
            return seen
