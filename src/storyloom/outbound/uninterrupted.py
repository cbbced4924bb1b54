"""Work that goes on to its end when whoever waits for it is cancelled."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")


async def to_its_end(work: Callable[[], Awaitable[T]], *, within_s: float) -> T:
    """What the work gives. A cancellation waits until the work has ended, and is raised then.

    Raises `TimeoutError` when it takes longer than it may: that bounds the wait too.
    """
    ended = asyncio.Event()

    async def bounded() -> T:
        try:
            async with asyncio.timeout(within_s):
                return await work()
        finally:
            ended.set()

    try:
        return await asyncio.shield(bounded())
    except asyncio.CancelledError:
        while not ended.is_set():
            with suppress(asyncio.CancelledError):
                await ended.wait()
        raise
