"""Folding what is searched, where that was left to later."""

import logging

import anyio
from sqlalchemy.ext.asyncio import AsyncEngine

from storyloom.adapters.sql._folding import AT_ONCE, fold_some
from storyloom.errors import StoryloomError

EVERY_S = 60.0
# Whoever writes meanwhile goes first.
PAUSE_S = 0.05
log = logging.getLogger(__name__)


async def fold_forever(database: AsyncEngine, every_s: float = EVERY_S) -> None:
    """Do so again and again; the database may be out of reach for a while."""
    while True:
        is_more = False
        try:
            is_more = await fold_some(database) == AT_ONCE
        except StoryloomError as fault:
            log.info("what is searched cannot be folded", extra={"reason": fault.message})
        await anyio.sleep(PAUSE_S if is_more else every_s)
