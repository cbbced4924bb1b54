"""In which of SwarmUI's sessions a piece of work was ordered, so that another process can find it."""

from contextlib import suppress

from pydantic import BaseModel, ValidationError

from storyloom.errors import NotFound, Unavailable
from storyloom.imaging.ports import ImageStore

FOLDER = "work"


class _Note(BaseModel):
    session_id: str


class WorkNotes:
    """Keeps a note from before an order is placed until what came of it is known.

    The notes lie in the image store, below `work/`; without one they end with this process.
    """

    def __init__(self, files: ImageStore | None) -> None:
        """Take the image store, if there is one."""
        self._files = files
        self._own: dict[str, str] = {}

    async def keep(self, work: str, session_id: str) -> None:
        """Note the session, on the disk when this returns; raises `Unavailable`."""
        if not work:
            return
        self._own[work] = session_id
        if self._files is not None:
            note = _Note(session_id=session_id).model_dump_json()
            await self._files.put(_key(work), note.encode())

    async def recall(self, work: str) -> str | None:
        """The session, where one was noted; raises `Unavailable`."""
        if not work or work in self._own or self._files is None:
            return self._own.get(work)
        try:
            return _Note.model_validate_json(await self._files.get(_key(work))).session_id
        except (NotFound, ValidationError):
            return None

    async def forget(self, work: str) -> None:
        """Drop the note; one that is left is harmless."""
        self._own.pop(work, None)
        if work and self._files is not None:
            with suppress(Unavailable):
                await self._files.delete(_key(work))


def _key(work: str) -> str:
    return f"{FOLDER}/swarmui-{work}.json"
