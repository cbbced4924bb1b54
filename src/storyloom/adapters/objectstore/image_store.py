"""Pictures and other files in a folder, in memory or in a bucket."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from obstore.exceptions import BaseError
from obstore.store import LocalStore, MemoryStore, ObjectStore

from storyloom.errors import NotFound, Unavailable

_PROBE = "health/ping"
log = logging.getLogger(__name__)


class ObstoreImageStore:
    """Keeps files in any store that obstore knows."""

    def __init__(self, store: ObjectStore) -> None:
        """Take an open store."""
        self._store = store

    @classmethod
    def in_folder(cls, folder: Path) -> Self:
        """Keep files below a folder, which is made if need be.

        The files are written under another name, brought to the disk and then renamed.
        """
        return cls(LocalStore(folder, mkdir=True))

    @classmethod
    def in_memory(cls) -> Self:
        """Keep files in this process."""
        return cls(MemoryStore())

    async def put(self, key: str, data: bytes) -> None:
        """Keep the bytes under the key."""
        with _translated(key):
            await self._store.put_async(key, data)

    async def get(self, key: str) -> bytes:
        """The bytes kept under the key; raises `NotFound`."""
        with _translated(key):
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())

    async def delete(self, key: str) -> None:
        """Forget the key."""
        try:
            with _translated(key):
                await self._store.delete_async(key)
        except NotFound:
            return

    async def ping(self) -> None:
        """Write a byte and remove it."""
        await self.put(_PROBE, b"1")
        await self.delete(_PROBE)


@contextmanager
def _translated(key: str) -> Generator[None]:
    try:
        yield
    except FileNotFoundError as fault:
        raise NotFound("The file is not in the image store.") from fault
    except (BaseError, OSError) as fault:
        # The library's own words hold paths of this machine: they are for the log.
        log.warning("image store failed: key=%s fault=%s", key, fault)
        raise Unavailable(
            f"The image store did not answer ({type(fault).__name__}).", system="images"
        ) from fault
