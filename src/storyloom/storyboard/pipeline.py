"""Storyboard pipelines: understand, illustrate, draw, archive, each a durable step."""

import logging
from abc import ABC, abstractmethod
from base64 import b64encode
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from pydantic import JsonValue

from storyloom.access.schemas import Scope
from storyloom.boards.schemas import Board
from storyloom.errors import ContentBlocked, NotFound
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.errors import JobStopped, StepFailed
from storyloom.jobs.ports import Steps
from storyloom.jobs.schemas import Job, JobStatus, Outcome
from storyloom.kit.clock import elapsed_ms
from storyloom.kit.ids import JobId
from storyloom.outbound.account import charged_to
from storyloom.outbound.schemas import Account
from storyloom.storyboard.deadline import Deadline
from storyloom.storyboard.drawn import Art, Drawn
from storyloom.storyboard.illustration import Illustrator, Subject
from storyloom.storyboard.presets import Brief, kept_profile
from storyloom.storyboard.rereading import words_of
from storyloom.storyboard.revision import Revision
from storyloom.storyboard.schemas import (
    CodeStoryboardRequest,
    JobType,
    Render,
    Understanding,
    Wishes,
)
from storyloom.storyboard.studio import warnings_of
from storyloom.storyboard.workbench import RunningJob, Workbench

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is drawn and kept, and what could not be drawn as it was written."""

    picture: ImageRef
    warnings: tuple[str, ...] = ()


class StoryboardTool(ABC):
    """A source becomes a storyboard; the kinds of source differ in how they are read."""

    name: str  #: the job type
    queue = "storyboards"

    def __init__(self, bench: Workbench) -> None:
        """Take the workbench."""
        self.bench = bench

    @abstractmethod
    async def read(self, job: Job, brief: Brief, *, by_rules: bool = False) -> Understanding:
        """Understand the job's source; by rules, no model is asked."""

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
            # Of a job that was stopped the end is written.
            if fault.failure_code != JobStopped.code:
                await steps.end("fail", partial(self._fail, running, fault))

    async def _understand(self, running: RunningJob) -> JsonValue:
        job = await running.begin()
        self.bench.jobs.reach(job, "understand")
        revision = Revision.of(job)
        if revision is not None:
            read = partial(self.read, brief=self._brief(job), by_rules=True)
            words = await words_of(job, revision, self.bench, read)
            return words.model_dump(mode="json")
        with _charged(job, "understand"), _refusals_name(f"understand {self.origin(job)}"):
            understanding = await self.read(job, self._brief(job))
        return understanding.model_dump(mode="json")

    async def _illustrate(self, running: RunningJob, understanding: JsonValue) -> JsonValue:
        job = await running.going_on()
        self.bench.jobs.reach(job, "illustrate")
        wishes, revision = _wishes(job), Revision.of(job)
        subject = Subject(
            Understanding.model_validate(understanding),
            self._brief(job),
            wishes,
            variation=job.id if wishes.fresh else "",
        )
        with _charged(job, "illustrate"), _refusals_name(f"illustrate {self.origin(job)}"):
            art = await Illustrator(self.bench).art(subject, revision and revision.art)
        return art.model_dump(mode="json")

    async def _draw(
        self, running: RunningJob, understanding: JsonValue, illustrated: JsonValue
    ) -> JsonValue:
        job = await running.going_on()
        self.bench.jobs.reach(job, "draw")
        wishes, art = _wishes(job), Art.model_validate(illustrated)
        is_painted = wishes.render is Render.PAINTED
        board = await self.bench.studio.board(
            Understanding.model_validate(understanding),
            self._brief(job),
            wishes.format,
            art=None if is_painted else art.picture,
            origin=self.origin(job),
        )
        page = Page(art.picture) if is_painted else await self._page(board, art)
        drawn = Drawn(
            board=board,
            picture=page.picture,
            warnings=(*art.warnings, *page.warnings),
            render=wishes.render,
            art_by_model=art.by_model,
            art_degraded=art.degraded,
        )
        return drawn.model_dump(mode="json")

    async def _page(self, board: Board, art: Art) -> Page:
        picture = await self.bench.fetch(art.picture.key)
        drawing = await self.bench.studio.draw(board, picture, logo=await self._logo(board))
        kept = await self.bench.keep(
            "pictures", drawing.data, MediaType.PNG, size=(drawing.width, drawing.height)
        )
        return Page(kept, warnings_of(drawing))

    async def _logo(self, board: Board) -> bytes | None:
        logo = board.brand.logo
        try:
            return None if logo is None else await self.bench.fetch(logo.picture.key)
        except NotFound:
            return None  # the words are what counts

    async def _archive(
        self, running: RunningJob, understanding: JsonValue, drawn: JsonValue
    ) -> JsonValue:
        job = await running.get()
        self.bench.jobs.reach(job, "archive")
        finished = Drawn.model_validate(drawn)
        png = await self.bench.fetch(finished.picture.key)
        took_ms = self._took_ms(job)
        written = await self.bench.finish(
            running.id,
            Outcome.model_validate(
                {
                    "status": JobStatus.COMPLETED,
                    "completed_at": self.bench.clock.now(),
                    "execution_time_ms": took_ms,
                    "result_image": b64encode(png).decode(),
                    "understanding": finished.told(understanding),
                    "details": finished.model_dump(mode="json") | await self._cost(running),
                }
            ),
        )
        if written:
            self._tell_end(JobStatus.COMPLETED, took_ms)
        return None

    async def _fail(self, running: RunningJob, fault: StepFailed) -> JsonValue:
        took_ms = self._took_ms(await running.get())
        cost = await self._cost(running)
        if await self.bench.fail(
            running.id, message=fault.message, code=fault.failure_code, details=cost
        ):
            self._tell_end(JobStatus.FAILED, took_ms)
        return None

    async def _cost(self, running: RunningJob) -> dict[str, JsonValue]:
        cost = await self.bench.cost(running.id)
        return {} if cost is None else {"cost": cost.model_dump(mode="json")}

    def _took_ms(self, job: Job) -> int:
        return elapsed_ms(job.started_at or job.created_at, self.bench.clock.now())

    def _tell_end(self, status: JobStatus, took_ms: int) -> None:
        self.bench.meter.ended(self.name, status, took_ms)
        log.info("job ended", extra={"status": status.value, "duration_ms": took_ms})

    def _brief(self, job: Job) -> Brief:
        return self.bench.studio.catalogue.brief(_wishes(job), icp=kept_profile(job.input_params))


class CodeToStoryboardTool(StoryboardTool):
    """A code file becomes a storyboard."""

    name: str = JobType.CODE

    async def read(self, job: Job, brief: Brief, *, by_rules: bool = False) -> Understanding:
        """Read the file's text."""
        studio = self.bench.studio
        reader = (studio.rules if by_rules else None) or studio.code
        request = CodeStoryboardRequest.model_validate(job.input_params)
        return await reader.understand(request.file_name, request.file_content, brief)

    def origin(self, job: Job) -> str:
        """The file's name, without folders."""
        return source_name(str(job.input_params["file_name"]))


class RoadmapToStoryboardTool(StoryboardTool):
    """A roadmap screenshot becomes a storyboard."""

    name: str = JobType.ROADMAP

    async def read(self, job: Job, brief: Brief, *, by_rules: bool = False) -> Understanding:
        """Read the words in the picture."""
        studio = self.bench.studio
        reader = (studio.roadmap_rules if by_rules else None) or studio.roadmap
        image = await self.bench.fetch(str(job.input_params["image_key"]))
        sanitize_ip = bool(job.input_params["sanitize_ip"])
        return await reader.understand(image, brief, sanitize_ip=sanitize_ip)

    def origin(self, job: Job) -> str:  # noqa: ARG002 - nothing of the job may be shown
        """Nothing of the picture's own."""
        return ROADMAP_ORIGIN


ROADMAP_ORIGIN = "a roadmap screenshot"


def source_name(file_name: str) -> str:
    """A file's name without its folders, in the manner of any system, and without secrets."""
    from storyloom.storyboard.redacted import shown_name  # noqa: PLC0415 - a megabyte of patterns

    return shown_name(PurePosixPath(file_name.replace("\\", "/")).name or file_name)


def _wishes(job: Job) -> Wishes:
    return Wishes.model_validate(job.input_params)


def _charged(job: Job, step: str) -> AbstractContextManager[None]:
    """Make the step's calls on the account of the job."""
    account = Account(
        org_id=job.org_id,
        job_id=job.id,
        scope=Scope.STORYBOARDS,
        step=step,
        fresh=_wishes(job).fresh,
    )
    return charged_to(account)


@contextmanager
def _refusals_name(work: str) -> Generator[None]:
    """Say of content that was refused which it was, and what was to be done with it."""
    try:
        yield
    except ContentBlocked as fault:
        told = f"{fault.message.rstrip('.')}. It was asked to {work}."
        raise ContentBlocked(told, system=fault.system) from fault
