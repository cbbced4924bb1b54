"""Finished pictures as files, in the formats that people ask for."""

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from anyio import to_thread

from storyloom.boards.export.board_slides import board_slides
from storyloom.boards.export.names import slug
from storyloom.boards.export.slides import has_slides
from storyloom.boards.schemas import Board, FileFormat
from storyloom.errors import NotFound
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.ids import JobId, parse_job_id
from storyloom.storyboard.drawn import Drawn
from storyloom.storyboard.errors import JobNotFinished, JobNotFound
from storyloom.storyboard.finished import FinishedAnswers
from storyloom.storyboard.revision import why_unfinished
from storyloom.storyboard.schemas import BoardFile, Render
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio

MEDIA = {
    BoardFile.PNG: MediaType.PNG,
    BoardFile.SVG: MediaType.SVG,
    BoardFile.PDF: MediaType.PDF,
    BoardFile.PPTX: MediaType.PPTX,
}


def offered() -> Mapping[BoardFile, MediaType]:
    """The kinds of file that can be had here, and what HTTP calls them."""
    return {kind: one for kind, one in MEDIA.items() if kind is not BoardFile.PPTX or has_slides()}


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture, ready to be served."""

    name: str
    org_id: str
    data: bytes
    media_type: MediaType
    etag: str


class StoryboardPictures:
    """Serves PNGs as they were drawn, and makes everything else from the kept board on first asking.

    A finished picture never changes, so those that were asked for lately are kept at hand.
    """

    def __init__(self, jobs: StoryboardJobManager, images: ImageStore, studio: Studio) -> None:
        """Take where boards and pictures are kept, and what draws them."""
        self._jobs = jobs
        self._images = images
        self._studio = studio
        self._finished = FinishedAnswers[tuple[JobId, BoardFile], PictureFile](
            jobs.clock, lambda picture: len(picture.data)
        )

    async def picture(self, job_id: str, kind: BoardFile, org_id: str | None) -> PictureFile:
        """The picture; raises `JobNotFound`, `JobNotFinished` for a job without one, or `Unsupported`.

        The last is for slides, where the package for them is not installed.
        """
        known = parse_job_id(job_id)
        picture = None if known is None else self._finished.get((known, kind))
        if picture is None:
            picture = await self._made(job_id, kind, org_id)
        elif org_id is not None and picture.org_id != org_id:
            raise JobNotFound(job_id)
        return picture

    async def _made(self, job_id: str, kind: BoardFile, org_id: str | None) -> PictureFile:
        job = await self._jobs.find(job_id, org_id)
        if job.status is not JobStatus.COMPLETED:
            raise JobNotFinished(why_unfinished(job))
        data = await self._data(job, kind)
        etag = f'"{sha256(data).hexdigest()[:24]}"'
        picture = PictureFile(_name(job, kind), job.org_id, data, MEDIA[kind], etag)
        self._finished.put((job.id, kind), picture)
        return picture

    async def _data(self, job: Job, kind: BoardFile) -> bytes:
        if kind is BoardFile.PNG:
            # The archive's own copy: it is there as long as the job is.
            return b64decode(job.result_image or "")
        drawn = Drawn.model_validate(job.details)
        page = b64decode(job.result_image or "")
        if kind is BoardFile.PPTX:
            return await to_thread.run_sync(board_slides, drawn.board, page)
        file_format = FileFormat(kind)
        if drawn.render is Render.PAINTED:
            return await self._studio.convert(page, drawn.board, file_format)
        key = drawn.picture.key.removesuffix("png") + file_format
        try:
            return await self._images.get(key)
        except NotFound:
            data = await self._draw(drawn.board, file_format)
            await self._images.put(key, data)
            return data

    async def _draw(self, board: Board, file_format: FileFormat) -> bytes:
        logo = board.brand.logo and board.brand.logo.picture
        art = await self._kept(board.art)
        return (await self._studio.draw(board, art, file_format, logo=await self._kept(logo))).data

    async def _kept(self, picture: ImageRef | None) -> bytes | None:
        try:
            return None if picture is None else await self._images.get(picture.key)
        except NotFound:
            return None  # the words are what counts


def _name(job: Job, kind: BoardFile) -> str:
    """What it is called where it is saved: by the headline, as far as that can be in a header."""
    headline = str((job.understanding or {}).get("headline", ""))
    return f"{slug(headline) or f'storyboard-{job.id[:8]}'}.{kind}"
