"""Work that goes on to its end when whoever waits for it is cancelled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger(__name__)


async def to_its_end(work: Callable[[], Awaitable[T]], *, within_s: float) -> T:
    """What the work gives. A cancellation waits until the work has ended, and is raised then.

    Raises `TimeoutError` when it takes longer than it may: that bounds the wait too.
    """
    end: asyncio.Future[T] = asyncio.get_running_loop().create_future()
    try:
        await asyncio.shield(_bounded(work, within_s, end))
    except asyncio.CancelledError:
        while not end.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([end])
        if not end.cancelled() and (fault := end.exception()) is not None:
            log.warning("work failed that nobody waits for", extra={"reason": str(fault)})
        raise
    return end.result()


async def _bounded(
    work: Callable[[], Awaitable[T]], within_s: float, end: "asyncio.Future[T]"
) -> None:
    try:
        async with asyncio.timeout(within_s):
            end.set_result(await work())
    except Exception as fault:  # noqa: BLE001 - it is handed over, whatever it is
        end.set_exception(fault)
    finally:
        if not end.done():  # the event loop itself is ending
            end.cancel()
