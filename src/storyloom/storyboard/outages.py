"""Outages of our own stores are waited out: they cost a job neither its result nor its time.

A model that is away is the job's affair, and may end it. The archive and the image store are ours:
while they are away nothing could even be written of the job's end, and giving a finished picture up
would mean to pay for it again.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from storyloom.errors import Unavailable
from storyloom.storyboard.deadline import off_the_clock

T = TypeVar("T")
FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
# However long a store asks us to wait: it may be wrong about itself.
LONGEST_ASKED_S = 60.0
log = logging.getLogger(__name__)


async def outlast(call: Callable[[], Awaitable[T]]) -> T:
    """What the call gives, once its store is there; calling again must change nothing."""
    backoff_s = FIRST_WAIT_S
    # A store that hangs is as much away as one that refuses; each call of it has an end of its own.
    with off_the_clock():
        while True:
            try:
                return await call()
            except Unavailable as fault:
                if backoff_s == FIRST_WAIT_S:
                    log.warning("a step waits for a store", extra={"reason": fault.message})
                wait_s = max(backoff_s, min(fault.retry_after_s or 0, LONGEST_ASKED_S))
            await asyncio.sleep(wait_s)
            backoff_s = min(2 * backoff_s, LONGEST_WAIT_S)
