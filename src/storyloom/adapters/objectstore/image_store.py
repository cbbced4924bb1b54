"""Pictures and other files in a folder, in memory or in a bucket."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from obstore.store import LocalStore, MemoryStore, ObjectStore

from storyloom.adapters.objectstore._faults import translated, translated_reading
from storyloom.adapters.objectstore._location import open_location
from storyloom.errors import NotFound
from storyloom.imaging.schemas import Swept

if TYPE_CHECKING:
    from collections.abc import Sequence

    from obstore import ObjectMeta

_MARK = "health/ping"
# What a bucket lists in one answer, and deletes at one request.
_BATCH = 1000


class ObstoreImageStore:
    """Keeps files in any store that obstore knows."""

    def __init__(self, store: ObjectStore) -> None:
        """Take an open store."""
        self._store = store

    @classmethod
    def at(cls, url: str) -> Self:
        """Keep files in a bucket or in a folder that others share; raises `Misconfigured`."""
        return cls(open_location(url))

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
        """Keep the bytes under the key, as new from now on."""
        with translated(key):
            await self._store.put_async(key, data)

    async def get(self, key: str) -> bytes:
        """The bytes kept under the key; raises `NotFound`."""
        with translated_reading(key):
            found = await self._store.get_async(key)
            return bytes(await found.bytes_async())

    async def delete(self, key: str) -> None:
        """Forget the key."""
        try:
            with translated_reading(key):
                await self._store.delete_async(key)
        except NotFound:
            return

    async def forget(self, folder: str, *, older_than: datetime, dry_run: bool = False) -> Swept:
        """Remove a page of the listing at a time, as soon as it is there."""
        files = size_bytes = 0
        with translated(folder):
            # The other form of a page, a table, is of a type that is not installed.
            pages = self._store.list(folder, chunk_size=_BATCH)  # pyright: ignore[reportUnknownMemberType]
            async for page in pages:
                old = [found for found in page if found["last_modified"] < older_than]
                if old and not dry_run:
                    await self._delete_all(old)
                files += len(old)
                size_bytes += sum(found["size"] for found in old)
        return Swept(files=files, size_bytes=size_bytes)

    async def ping(self) -> None:
        """Write one byte, always the same and never removed: nobody takes another's away."""
        await self.put(_MARK, b"1")

    async def _delete_all(self, files: "Sequence[ObjectMeta]") -> None:
        keys = [found["path"] for found in files]
        try:
            with translated_reading(keys[0]):
                await self._store.delete_async(keys)
        except NotFound:
            await self._delete_each(keys)

    async def _delete_each(self, keys: "Sequence[str]") -> None:
        """Somebody else is tidying the same folder, and what he left may have been left out."""
        for key in keys:
            await self.delete(key)
