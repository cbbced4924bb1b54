"""Waiting for what others do."""

import asyncio
from collections.abc import Callable
from time import monotonic

LIMIT_S = 60


async def until(condition: Callable[[], bool]) -> None:
    """Return when it is so; fail when it takes too long."""
    end = monotonic() + LIMIT_S
    while not condition():
        assert monotonic() < end
        await asyncio.sleep(0.005)
