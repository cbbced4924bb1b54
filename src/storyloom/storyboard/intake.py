"""Taking jobs in: check, keep, say that the job is accepted, and start it."""

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from hashlib import sha256

from anyio import CapacityLimiter, to_thread
from pydantic import JsonValue

from storyloom.errors import Conflict, InvalidInput, NotFound, Unavailable
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.uploads import CheckedImage, check_image, decode_base64_image
from storyloom.jobs.observers import Observers
from storyloom.jobs.ports import Engine
from storyloom.jobs.schemas import HANDLING, Handling, Job, JobStatus, Priority
from storyloom.kit.background import Background
from storyloom.kit.ids import JobId, new_job_id, promised_job_id
from storyloom.storyboard.handling import handling_of
from storyloom.storyboard.origins import begun_with
from storyloom.storyboard.presets import PROFILE, Catalogue, kept_profile
from storyloom.storyboard.profiles.state import Profiles
from storyloom.storyboard.revision import Reads, RevisionRequest, revised
from storyloom.storyboard.schemas import (
    MAX_IMAGE_BYTES,
    MAX_SOURCE_BYTES,
    CodeStoryboardRequest,
    JobAccepted,
    JobType,
    RoadmapStoryboardRequest,
    Wishes,
)
from storyloom.storyboard.state import StoryboardJobManager

CHECKS_AT_ONCE = 2
USUAL = Handling()
# Raises `InvalidInput`, with the path of the field, for a language model that may not be asked for.
Allows = Callable[[str], None]
log = logging.getLogger(__name__)


class StoryboardIntake:
    """Accepts storyboard jobs."""

    def __init__(  # noqa: PLR0913 - it is where all of these meet
        self,
        jobs: StoryboardJobManager,
        engine: Engine,
        images: ImageStore,
        catalogue: Catalogue,
        *,
        observers: Observers | None = None,
        background: Background | None = None,
        allows: Allows | None = None,
        profiles: Profiles | None = None,
    ) -> None:
        """Take where jobs and files are kept, what runs them, and who watches.

        Starting a job is left to the background; without one, the caller waits for it. `allows`
        checks a language model that a request names; without it, there are none to be named.
        `profiles` are those that organisations keep.
        """
        self._jobs = jobs
        self._engine = engine
        self._images = images
        self._catalogue = catalogue
        self._observers = observers or Observers()
        self._background = background
        self._allows = allows or _allows_none
        self._profiles = profiles
        # A small file may hold forty million pixels: so many are decoded at a time, and no more.
        self._checks = CapacityLimiter(CHECKS_AT_ONCE)

    async def code(
        self, request: CodeStoryboardRequest, org_id: str, handling: Handling = USUAL
    ) -> JobAccepted:
        """Accept a code file; raises `InvalidInput` with the field's path."""
        kept = await self._check(request, org_id)
        check_source(request.file_content)
        params = request.model_dump(mode="json") | kept
        return await self._accept(JobType.CODE, org_id, params, handling)

    async def roadmap(
        self, request: RoadmapStoryboardRequest, org_id: str, handling: Handling = USUAL
    ) -> JobAccepted:
        """Accept a roadmap screenshot; raises `InvalidInput` with the field's path."""
        kept = await self._check(request, org_id)
        image = await to_thread.run_sync(_checked, request.image_data, limiter=self._checks)
        key = f"sources/{sha256(image.data).hexdigest()}"
        await self._images.put(key, image.data)
        params = request.model_dump(mode="json", exclude={"image_data"}) | kept
        return await self._accept(
            JobType.ROADMAP,
            org_id,
            {**params, "image_key": key, "image_width": image.width, "image_height": image.height},
            handling,
        )

    async def revision(
        self,
        job_id: str,
        request: RevisionRequest,
        org_id: str | None,
        priority: Priority = Priority.NORMAL,
    ) -> JobAccepted:
        """Accept another version of a finished storyboard.

        Raises `JobNotFound`, `JobNotFinished`, or `InvalidInput` with the field's path.
        """
        job = await self._jobs.find(job_id, org_id)
        wishes, params = revised(job, request)
        wants_headline = params["reads"] in {Reads.HEADLINE, Reads.ALL}
        if wants_headline and not await begun_with(job, self._jobs.known):
            raise InvalidInput(
                "The headline that was found is not known, and its source is not kept any more",
                loc=("body", "custom_headline"),
                kind="headline_unknown",
            )
        profile = kept_profile(params)
        if profile is None:
            params |= await self._check(wishes, job.org_id)
        else:
            self._catalogue.brief(wishes, icp=profile)
            params |= await self._held(params)
        handling = Handling(parent_id=job.id, priority=priority)
        return await self._accept(JobType(job.job_type), job.org_id, params, handling)

    async def again(self, job_id: JobId, job: Job, params: dict[str, JsonValue]) -> Job:
        """Accept a job that tries another again, under this id; raises `Conflict` if it is taken."""
        params |= await self._held(params)
        await self._renew(params)
        return await self._keep(job_id, JobType(job.job_type), job.org_id, params)

    async def _held(self, params: dict[str, JsonValue]) -> dict[str, JsonValue]:
        """The profile that a job before has kept, for one that is as young as its files are to be."""
        icp = kept_profile(params)
        if icp is None or self._profiles is None:
            return {}
        return {PROFILE: (await self._profiles.held(icp)).model_dump(mode="json")}

    async def _renew(self, params: Mapping[str, JsonValue]) -> None:
        """Let the screenshot be as young as the job that reads it again, if there still is one."""
        key = params.get("image_key")
        if isinstance(key, str):
            with suppress(NotFound):  # the job will say so
                await self._images.put(key, await self._images.get(key))

    async def _check(self, wishes: Wishes, org_id: str) -> dict[str, JsonValue]:
        """What the job has to keep of what was looked up."""
        kept: dict[str, JsonValue] = {}
        if self._profiles is None:
            self._catalogue.brief(wishes)
        else:
            kept = await self._profiles.resolved(wishes, org_id)
        if wishes.model is not None:
            self._allows(wishes.model)
        return kept

    async def _accept(
        self, job_type: JobType, org_id: str, params: dict[str, JsonValue], handling: Handling
    ) -> JobAccepted:
        if handling != USUAL:
            params = {**params, HANDLING: handling.model_dump(mode="json")}
        promised = promised_job_id()
        try:
            job = await self._keep(promised or new_job_id(), job_type, org_id, params)
        except Conflict:
            if promised is None:
                raise
            # The same request was accepted before, and its answer was lost.
            return JobAccepted.of(promised)
        return JobAccepted.of(job.id)

    async def _keep(
        self, job_id: JobId, job_type: JobType, org_id: str, params: dict[str, JsonValue]
    ) -> Job:
        job = Job(
            id=job_id,
            org_id=org_id,
            job_type=job_type,
            status=JobStatus.PENDING,
            input_params=params,
            created_at=self._jobs.clock.now(),
            details=self._observers.details,
        )
        await self._jobs.accept(job)
        if self._background is None:
            await self._start(job)
        else:
            self._background.soon(partial(self._start, job))
        self._observers.meter.accepted[job_type] += 1
        log.info("job accepted", extra={"job_id": job.id, "job_type": job_type.value})
        return job

    async def _start(self, job: Job) -> None:
        """The job is safe in the archive: what goes wrong here, the reconciler makes good."""
        await self._jobs.show(job)
        try:
            await self._engine.start(job.id, job.job_type, handling_of(job.input_params).priority)
        except Unavailable as fault:
            told = {"job_id": job.id, "reason": fault.message}
            log.warning("accepted, to be started later", extra=told)


def _allows_none(model: str) -> None:
    raise InvalidInput(
        f"No model can be chosen here, so not '{model}' either: the operator has set none",
        loc=("body", "model"),
        kind="model_not_allowed",
    )


def check_source(text: str) -> None:
    """Refuse what is too long, or no text at all; raises `InvalidInput`."""
    size = len(text.encode())
    if size > MAX_SOURCE_BYTES:
        raise InvalidInput(
            f"The file has {size:,} bytes of text; at most {MAX_SOURCE_BYTES:,} are read",
            loc=("body", "file_content"),
            kind="string_too_long",
        )
    if "\x00" in text:
        raise InvalidInput(
            "The file holds NUL characters, so it is not a text file",
            loc=("body", "file_content"),
            kind="not_text",
        )
    if not text.strip():
        raise InvalidInput(
            "The file holds nothing but white space",
            loc=("body", "file_content"),
            kind="string_blank",
        )


def _checked(image_data: str) -> CheckedImage:
    try:
        return check_image(
            decode_base64_image(image_data, MAX_IMAGE_BYTES), max_bytes=MAX_IMAGE_BYTES
        )
    except InvalidInput as fault:
        raise InvalidInput(fault.message, loc=("body", "image_data"), kind=fault.kind) from fault
