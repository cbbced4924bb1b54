"""Finished pictures as files, in the formats that people ask for."""

from dataclasses import dataclass
from hashlib import sha256

from storyloom.boards.schemas import Board, FileFormat
from storyloom.errors import NotFound
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import MediaType
from storyloom.jobs.schemas import Job, JobStatus
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
        drawn = Drawn.model_validate(job.details)
        data = await self._data(drawn, file_format)
        return PictureFile(data, _MEDIA[file_format], f'"{sha256(data).hexdigest()[:24]}"')

    async def _data(self, drawn: Drawn, file_format: FileFormat) -> bytes:
        if file_format is FileFormat.PNG:
            return await self._images.get(drawn.picture.key)
        key = drawn.picture.key.removesuffix("png") + file_format
        try:
            return await self._images.get(key)
        except NotFound:
            data = await self._draw(drawn.board, file_format)
            await self._images.put(key, data)
            return data

    async def _draw(self, board: Board, file_format: FileFormat) -> bytes:
        art = None if board.art is None else await self._images.get(board.art.key)
        return (await self._studio.draw(board, art, file_format)).data


def _why(job: Job) -> str:
    if job.status.is_terminal:
        return f"Job '{job.id}' has no picture: it {job.status}. {job.error_message or ''}".strip()
    return f"Job '{job.id}' is {job.status}; its picture is not ready yet"
