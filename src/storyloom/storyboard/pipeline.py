"""Storyboard pipelines: understand, illustrate, draw, archive, each a durable step."""

import logging
from abc import ABC, abstractmethod
from base64 import b64encode
from functools import partial
from pathlib import PurePosixPath

from pydantic import BaseModel, ConfigDict, JsonValue

from storyloom.boards.schemas import Board
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.errors import StepFailed
from storyloom.jobs.ports import Steps
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import elapsed_ms
from storyloom.kit.ids import JobId
from storyloom.storyboard.deadline import Deadline
from storyloom.storyboard.presets import Brief
from storyloom.storyboard.schemas import (
    CodeStoryboardRequest,
    JobType,
    Understanding,
    Wishes,
)
from storyloom.storyboard.studio import warnings_of
from storyloom.storyboard.workbench import RunningJob, Workbench

log = logging.getLogger(__name__)


class Drawn(BaseModel):
    """What the drawing step leaves behind: the board as data, and where its picture lies."""

    model_config = ConfigDict(frozen=True)

    board: Board
    picture: ImageRef
    warnings: tuple[str, ...]


class StoryboardTool(ABC):
    """A source becomes a storyboard; the kinds of source differ in how they are read."""

    name: str  #: the job type
    queue = "storyboards"

    def __init__(self, bench: Workbench) -> None:
        """Take the workbench."""
        self.bench = bench

    @abstractmethod
    async def read(self, job: Job, brief: Brief) -> Understanding:
        """Understand the job's source."""

    @abstractmethod
    def origin(self, job: Job) -> str:
        """Name the source, for the board's footnote."""

    async def run(self, job_id: JobId, steps: Steps) -> None:
        """Order the steps; the job has ended when this returns."""
        within = Deadline(self.bench.job_timeout_s).bound
        running = RunningJob(self.bench, job_id)
        try:
            understanding = await steps.run(
                "understand", within(partial(self._understand, running))
            )
            art = await steps.run(
                "illustrate",
                within(partial(self._illustrate, running, understanding)),
            )
            drawn = await steps.run(
                "draw", within(partial(self._draw, running, understanding, art))
            )
            # Only our own stores take part in the end, so it waits for them as long as it has to.
            await steps.end("archive", partial(self._archive, running, understanding, drawn))
        except StepFailed as fault:
            await steps.end("fail", partial(self._fail, running, fault))

    async def _understand(self, running: RunningJob) -> JsonValue:
        job = await running.begin()
        understanding = await self.read(job, self._brief(job))
        return understanding.model_dump(mode="json")

    async def _illustrate(self, running: RunningJob, understanding: JsonValue) -> JsonValue:
        job = await running.get()
        picture = await self.bench.studio.illustrate(
            Understanding.model_validate(understanding), self._brief(job), _wishes(job).format
        )
        ref = await self.bench.keep(
            "art", picture.data, picture.media_type, size=(picture.width, picture.height)
        )
        return ref.model_dump(mode="json")

    async def _draw(
        self, running: RunningJob, understanding: JsonValue, art: JsonValue
    ) -> JsonValue:
        job = await running.get()
        ref = ImageRef.model_validate(art)
        studio = self.bench.studio
        board = await studio.board(
            Understanding.model_validate(understanding),
            self._brief(job),
            _wishes(job).format,
            art=ref,
            origin=self.origin(job),
        )
        drawing = await studio.draw(board, await self.bench.fetch(ref.key))
        picture = await self.bench.keep(
            "pictures", drawing.data, MediaType.PNG, size=(drawing.width, drawing.height)
        )
        return Drawn(board=board, picture=picture, warnings=warnings_of(drawing)).model_dump(
            mode="json"
        )

    async def _archive(
        self, running: RunningJob, understanding: JsonValue, drawn: JsonValue
    ) -> JsonValue:
        job = await running.get()
        png = await self.bench.fetch(Drawn.model_validate(drawn).picture.key)
        took_ms = self._took_ms(job)
        written = await self.bench.finish(
            running.id,
            Outcome.model_validate(
                {
                    "status": JobStatus.COMPLETED,
                    "completed_at": self.bench.clock.now(),
                    "execution_time_ms": took_ms,
                    "result_image": b64encode(png).decode(),
                    "understanding": understanding,
                    "details": drawn,
                }
            ),
        )
        if written:
            self._tell_end(JobStatus.COMPLETED, took_ms)
        return None

    async def _fail(self, running: RunningJob, fault: StepFailed) -> JsonValue:
        took_ms = self._took_ms(await running.get())
        if await self.bench.fail(running.id, message=fault.message, code=fault.failure_code):
            self._tell_end(JobStatus.FAILED, took_ms)
        return None

    def _took_ms(self, job: Job) -> int:
        return elapsed_ms(job.started_at or job.created_at, self.bench.clock.now())

    def _tell_end(self, status: JobStatus, took_ms: int) -> None:
        self.bench.meter.ended(self.name, status, took_ms)
        log.info("job ended", extra={"status": status.value, "duration_ms": took_ms})

    def _brief(self, job: Job) -> Brief:
        return self.bench.studio.catalogue.brief(_wishes(job))


class CodeToStoryboardTool(StoryboardTool):
    """A code file becomes a storyboard."""

    name: str = JobType.CODE

    async def read(self, job: Job, brief: Brief) -> Understanding:
        """Read the file's text."""
        request = CodeStoryboardRequest.model_validate(job.input_params)
        return await self.bench.studio.code.understand(
            request.file_name, request.file_content, brief
        )

    def origin(self, job: Job) -> str:
        """The file's name, without folders."""
        return source_name(str(job.input_params["file_name"]))


class RoadmapToStoryboardTool(StoryboardTool):
    """A roadmap screenshot becomes a storyboard."""

    name: str = JobType.ROADMAP

    async def read(self, job: Job, brief: Brief) -> Understanding:
        """Read the words in the picture."""
        image = await self.bench.fetch(str(job.input_params["image_key"]))
        return await self.bench.studio.roadmap.understand(
            image, brief, sanitize_ip=bool(job.input_params["sanitize_ip"])
        )

    def origin(self, job: Job) -> str:  # noqa: ARG002 - nothing of the job may be shown
        """Nothing of the picture's own."""
        return ROADMAP_ORIGIN


ROADMAP_ORIGIN = "a roadmap screenshot"


def source_name(file_name: str) -> str:
    """A file's name without its folders, in the manner of any system."""
    return PurePosixPath(file_name.replace("\\", "/")).name or file_name


def _wishes(job: Job) -> Wishes:
    return Wishes.model_validate(job.input_params)
