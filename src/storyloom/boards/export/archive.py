"""A reel as a ZIP: pictures as they are, manifest, viewer, timelines.

The same reel gives the same bytes: entries have no date, and stand in a fixed order.
"""

from hashlib import sha256
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from storyloom.boards.export.edl import edl_of
from storyloom.boards.export.manifest import manifest_of
from storyloom.boards.export.names import file_stem, picture_name
from storyloom.boards.export.otio import otio_of
from storyloom.boards.export.schemas import Reel, ReelItem
from storyloom.boards.export.viewer import viewer_of

_NO_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX, _READABLE = 3, 0o100644 << 16


class Archive:
    """An archive that is being written; one picture is in memory at a time."""

    def __init__(self, path: Path) -> None:
        """Begin the file."""
        self._zip = ZipFile(path, "w")
        self._hashes: dict[int, str] = {}

    def add_picture(self, item: ReelItem, data: bytes) -> None:
        """Put the item's picture in."""
        if name := picture_name(item):  # pragma: no branch - whoever has a picture has its name
            self._hashes[item.number] = sha256(data).hexdigest()
            # Pictures are compressed already.
            self._zip.writestr(_entry(name, ZIP_STORED), data)

    def add_words(self, reel: Reel, frames_per_second: int) -> None:
        """Put in what is told of the pictures, after the last one."""
        stem = file_stem(reel)
        files = {
            "index.html": viewer_of(reel),
            "manifest.json": manifest_of(reel, self._hashes),
            f"{stem}.edl": edl_of(reel, frames_per_second),
            f"{stem}.otio": otio_of(reel, frames_per_second),
        }
        for name, text in files.items():
            self._zip.writestr(_entry(name, ZIP_DEFLATED), text.encode())

    def close(self) -> None:
        """End the file."""
        self._zip.close()


def _entry(name: str, compression: int) -> ZipInfo:
    entry = ZipInfo(name, _NO_DATE)
    entry.compress_type = compression
    # Else both are those of the system that we run on.
    entry.create_system = _UNIX
    entry.external_attr = _READABLE
    return entry
