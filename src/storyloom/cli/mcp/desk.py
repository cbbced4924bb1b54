"""What all tools have at hand: the service, the folder, and how a job's result is fetched."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from anyio import to_thread
from mcp.server.mcpserver import Context
from mcp_types import CallToolResult

from storyloom.boards.schemas import FileFormat
from storyloom.cli.mcp.following import Report, followed
from storyloom.cli.mcp.results import answer
from storyloom.cli.mcp.schemas import Told
from storyloom.cli.mcp.service import Service
from storyloom.cli.places import Places
from storyloom.cli.server import Server
from storyloom.errors import BadAnswer
from storyloom.storyboard.schemas import BoardFile
from storyloom.work.schemas import OutputFile, Work, WorkKind, WorkStatus

#: Of the pictures of a story, so many are shown to the model. All are written.
SHOWN = 4
_NAME = re.compile(r"\w[\w.-]{0,120}\.(png|jpe?g|webp)")


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where a result is to be written: a file for a storyboard, a folder for a story."""

    file: Path | None = None
    folder: Path | None = None


class Desk:
    """Hands jobs in, follows them and brings what was made."""

    def __init__(self, service: Service, places: Places) -> None:
        """Take what does the work, and where files may be."""
        self.service = service
        self.places = places

    async def read(self, path: str, limit: int) -> bytes:
        """Read a file below the root, as `Places` does."""
        return await to_thread.run_sync(self.places.read, path, limit)

    async def file(self, path: str) -> Keeping:
        """Keep a storyboard there; refused before anything is made where that may not be."""
        return Keeping(file=await to_thread.run_sync(self.places.picture, path))

    async def folder(self, path: str) -> Keeping:
        """Keep a story there; refused before anything is made where that may not be."""
        return Keeping(folder=await to_thread.run_sync(self.places.folder, path))

    async def result(
        self, job_id: str, keeping: Keeping, context: Context[Any, Any], wait_s: float
    ) -> CallToolResult:
        """The job once it has ended, or as it is after so many seconds, and what was made."""
        server = await self.service.server()
        work = await followed(server, job_id, _report_of(context), wait_s)
        told = Told.of(work)
        pictures: Sequence[bytes] = ()
        if work.kind is WorkKind.RUN:
            pictures = await self._story(server, work, told, keeping.folder)
        elif work.kind is WorkKind.EXPORT:
            told.says = " ".join([told.says, *(f"{file.name}: {file.url}" for file in _made(work))])
        elif work.status is WorkStatus.SUCCEEDED:
            pictures = await self._storyboard(server, work, told, keeping.file)
        return await to_thread.run_sync(answer, told, pictures)

    async def _storyboard(
        self, server: Server, work: Work, told: Told, file: Path | None
    ) -> Sequence[bytes]:
        job, _ = await server.job(work.id)
        told.understanding = job.understanding
        told.headline = str((job.understanding or {}).get("headline", ""))
        told.says = f"The storyboard is made: {told.headline}"
        png = await server.image(work.id, BoardFile.PNG)
        if file is not None:
            kind = FileFormat(file.suffix[1:].lower())
            data = png if kind is FileFormat.PNG else await server.image(work.id, BoardFile(kind))
            told.files.append(await to_thread.run_sync(self.places.keep, file, data))
        return [png]

    async def _story(
        self, server: Server, work: Work, told: Told, folder: Path | None
    ) -> Sequence[bytes]:
        """The first pictures; all are written where there is a folder, once it has ended."""
        made = _made(work)
        keeps = folder is not None and work.status.is_terminal
        pictures: list[bytes] = []
        for file in made if keeps else made[:SHOWN]:
            data = await server.api.fetch(file.url)
            if folder is not None and keeps:
                keep = partial(self.places.keep, folder / _name_of(file), data)
                told.files.append(await to_thread.run_sync(keep))
            if len(pictures) < SHOWN:
                pictures.append(data)
        if work.status.is_terminal:
            told.headline = (await server.api.runs.report(work.id)).headline
            told.says = f"{told.headline} {told.says if work.error else ''}".strip()
        return pictures


def _made(work: Work) -> Sequence[OutputFile]:
    return work.output.files if work.output else []


def _name_of(file: OutputFile) -> str:
    """Its name, which a server has chosen; raises `BadAnswer` where that could be anything."""
    name = PurePath(file.name).name
    if not _NAME.fullmatch(name):
        raise BadAnswer(f"The server names a picture {name!r}, which is no name of a picture.")
    return name


def _report_of(context: Context[Any, Any]) -> Report:
    async def report(done: float, total: float | None, says: str) -> None:
        await context.report_progress(done, total, says)

    return report
