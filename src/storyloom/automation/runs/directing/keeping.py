"""A picture in hand is brought to its store, whatever is in the way."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from storyloom.automation.runs.directing.exposure import Exposed
from storyloom.automation.runs.directing.waits import Waits
from storyloom.automation.runs.schemas import WaitCode
from storyloom.errors import DiskFull, Unavailable
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import ImageRef


@dataclass(frozen=True, slots=True)
class Inscribed:
    """A picture's file with what it was made with written into it, and its key."""

    data: bytes
    key: str


Inscribe = Callable[[Exposed], Awaitable[Inscribed]]
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 10.0


class Keeper:
    """Puts pictures into the image store. While that is away or full, it waits with the picture."""

    def __init__(self, images: ImageStore, waits: Waits, inscribe: Inscribe) -> None:
        """Take the store, and what marks files with what they were made with."""
        self._images = images
        self._waits = waits
        self._inscribe = inscribe

    async def keep(self, exposed: Exposed) -> ImageRef:
        """Keep the picture under the name of its content."""
        file, picture = await self._inscribe(exposed), exposed.picture
        await self._put(file.key, file.data)
        return ImageRef(
            key=file.key,
            media_type=picture.media_type,
            size_bytes=len(file.data),
            width=picture.width,
            height=picture.height,
        )

    async def _put(self, key: str, data: bytes) -> None:
        wait_s = FIRST_WAIT_S
        with self._waits.place() as place:
            while True:
                try:
                    return await self._images.put(key, data)
                except Unavailable as fault:
                    is_full = isinstance(fault, DiskFull)
                    code = WaitCode.DISK_FULL if is_full else WaitCode.STORE_AWAY
                    detail = f"A picture is made and cannot be kept yet. {fault.message}"
                await place.nap(code, detail, wait_s)
                wait_s = min(2 * wait_s, LONGEST_WAIT_S)
