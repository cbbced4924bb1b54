"""Finished pictures as files, in the formats that people ask for."""

from base64 import b64decode
from dataclasses import dataclass
from hashlib import sha256

from storyloom.boards.schemas import Board, FileFormat
from storyloom.errors import NotFound
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import MediaType
from storyloom.jobs.schemas import Job, JobStatus
from storyloom.kit.ids import JobId
from storyloom.storyboard.errors import JobNotFinished
from storyloom.storyboard.pipeline import Drawn
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio

_MEDIA = {
    FileFormat.PNG: MediaType.PNG,
    FileFormat.SVG: MediaType.SVG,
    FileFormat.PDF: MediaType.PDF,
}


@dataclass(frozen=True, slots=True)
class PictureFile:
    """A picture, ready to be served."""

    job_id: JobId
    data: bytes
    media_type: MediaType
    etag: str


class StoryboardPictures:
    """Serves PNGs as they were drawn, and draws SVG and PDF from the kept board on first asking."""

    def __init__(self, jobs: StoryboardJobManager, images: ImageStore, studio: Studio) -> None:
        """Take where boards and pictures are kept, and what draws them."""
        self._jobs = jobs
        self._images = images
        self._studio = studio

    async def picture(
        self, job_id: str, file_format: FileFormat, org_id: str | None
    ) -> PictureFile:
        """The picture; raises `JobNotFound`, or `JobNotFinished` for a job without one."""
        job = await self._jobs.find(job_id, org_id)
        if job.status is not JobStatus.COMPLETED:
            raise JobNotFinished(_why(job))
        data = await self._data(job, file_format)
        etag = f'"{sha256(data).hexdigest()[:24]}"'
        return PictureFile(job.id, data, _MEDIA[file_format], etag)

    async def _data(self, job: Job, file_format: FileFormat) -> bytes:
        if file_format is FileFormat.PNG:
            # The archive's own copy: it is there as long as the job is.
            return b64decode(job.result_image or "")
        drawn = Drawn.model_validate(job.details)
        key = drawn.picture.key.removesuffix("png") + file_format
        try:
            return await self._images.get(key)
        except NotFound:
            data = await self._draw(drawn.board, file_format)
            await self._images.put(key, data)
            return data

    async def _draw(self, board: Board, file_format: FileFormat) -> bytes:
        return (await self._studio.draw(board, await self._art(board), file_format)).data

    async def _art(self, board: Board) -> bytes | None:
        try:
            return None if board.art is None else await self._images.get(board.art.key)
        except NotFound:
            return None  # the words are what counts


def _why(job: Job) -> str:
    if job.status.is_terminal:
        return f"Job '{job.id}' has no picture: it {job.status}. {job.error_message or ''}".strip()
    return f"Job '{job.id}' is {job.status}; its picture is not ready yet"
