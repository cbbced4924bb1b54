"""Logos that profiles have laid aside, removed from the image store.

Only those go that this database has a note of: others may keep theirs in the same store, and a
database that is empty by mistake knows none. Every logo that is handed in gets a key of its own, so
one that nobody names is never named again. Jobs have copies among their sources. For those who have
just looked a profile up, to draw a sample, a file stays for a while after it was laid aside.
"""

import logging
from datetime import timedelta

import anyio

from storyloom.errors import StoryloomError
from storyloom.imaging.ports import ImageStore
from storyloom.kit.clock import Clock
from storyloom.storyboard.profiles.ports import ProfileStore

GRACE = timedelta(hours=1)
EVERY_S = 3600.0
AFTER_S = 90.0
log = logging.getLogger(__name__)


class LogoSweep:
    """Removes them, again and again; several processes may do it at the same time."""

    def __init__(self, store: ProfileStore, images: ImageStore, clock: Clock) -> None:
        """Take where profiles and their logos are kept."""
        self._store = store
        self._images = images
        self._clock = clock

    async def run_once(self) -> int:
        """Remove what was laid aside a while ago, and say how many; what is interrupted goes on."""
        gone = await self._store.laid_aside(before=self._clock.now() - GRACE)
        for key in gone:
            await self._images.delete(key)
            await self._store.forget_logo(key)
        return len(gone)

    async def run_forever(self, every_s: float = EVERY_S, *, after_s: float = AFTER_S) -> None:
        """Sweep for as long as the server runs; a fault is logged and the next round tries again."""
        await anyio.sleep(after_s)
        while True:
            try:
                gone = await self.run_once()
            except StoryloomError as fault:
                log.warning("old logos have to wait for the next round: %s", fault)
            else:
                if gone:
                    log.info("removed %d logos that no profile has any more", gone)
            await anyio.sleep(every_s)
