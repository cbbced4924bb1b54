"""Logos that no profile names any more, removed from the image store.

Every logo that is handed in gets a key of its own, so one that nobody names is never named again.
Jobs have copies among their sources. What is left are those who have just looked a profile up, to
draw a sample, and those who have handed a logo in that its profile is about to name: for them, a
file stays for a while after it was written, or laid aside.
"""

import logging
from datetime import timedelta

import anyio

from storyloom.errors import StoryloomError
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import Swept
from storyloom.kit.clock import Clock
from storyloom.storyboard.profiles.logos import LOGOS
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

    async def run_once(self) -> Swept:
        """Remove what is laid aside now."""
        # Before the look at the names: what is written from now on is too young to go.
        before = self._clock.now() - GRACE
        named = await self._store.logos()
        return await self._images.forget(LOGOS, older_than=before, keeping=named)

    async def run_forever(self, every_s: float = EVERY_S, *, after_s: float = AFTER_S) -> None:
        """Sweep for as long as the server runs; a fault is logged and the next round tries again."""
        await anyio.sleep(after_s)
        while True:
            try:
                gone = await self.run_once()
            except StoryloomError as fault:
                log.warning("old logos have to wait for the next round: %s", fault)
            else:
                if gone.files:
                    log.info("removed %d logos that no profile has any more", gone.files)
            await anyio.sleep(every_s)
