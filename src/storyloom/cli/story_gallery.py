"""The pictures of a run as files in a folder, each written as soon as it is there."""

from collections.abc import Sequence
from pathlib import Path, PurePath

from anyio import to_thread

from storyloom.automation.runs.schemas import Shot
from storyloom.cli.destinations import write
from storyloom.cli.story_note import Note, write_note
from storyloom.errors import NotFound
from storyloom.imaging.ports import ImageStore


def file_of(shot: Shot) -> str | None:
    """The name of the file of a shot's picture: `0001-cinematic-1.png`; None where it has none."""
    version = shot.version
    return None if version is None else f"{shot.id}{PurePath(version.picture.key).suffix}"


class Gallery:
    """Brings the folder up to the run. What has been written is not written again."""

    def __init__(self, folder: Path, images: ImageStore, note: Note) -> None:
        """Take where pictures come from, and what an earlier command has written."""
        self._folder = folder
        self._images = images
        self._note = note

    async def hang(self, shots: Sequence[Shot]) -> None:
        """Write what is new."""
        before = dict(self._note.pictures)
        for shot in shots:
            name, version = file_of(shot), shot.version
            if name is not None and version is not None:
                await self._hang(name, version.picture.key)
        if self._note.pictures != before:
            await to_thread.run_sync(write_note, self._folder, self._note)

    async def open(self, old: Note | None) -> None:
        """Say in the folder which run it is of; the pictures of another one are taken down."""
        for name in () if old is None or old.run == self._note.run else old.pictures:
            await to_thread.run_sync(self._remove, name)
        await to_thread.run_sync(write_note, self._folder, self._note)

    async def _hang(self, name: str, key: str) -> None:
        path = self._folder / name
        is_there = await to_thread.run_sync(path.is_file)
        if is_there and self._note.pictures.get(name) == key:
            return
        try:
            data = await self._images.get(key)
        except NotFound:
            return
        await to_thread.run_sync(write, path, data)
        self._note.pictures[name] = key

    def _remove(self, name: str) -> None:
        # The note is a file in a folder: it may name whatever it likes.
        if Path(name).name == name:
            (self._folder / name).unlink(missing_ok=True)
