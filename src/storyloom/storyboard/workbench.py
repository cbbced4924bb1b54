"""What every storyboard tool works with."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

from pydantic import JsonValue

from storyloom.imaging.keys import key_of
from storyloom.imaging.ports import ImageStore
from storyloom.imaging.schemas import ImageRef, MediaType
from storyloom.jobs.errors import JobStopped
from storyloom.jobs.meter import Meter
from storyloom.jobs.schemas import Job, Outcome
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId
from storyloom.outbound.costs import Cost, cost_of
from storyloom.outbound.ports import Ledger
from storyloom.storyboard.deadline import JOB_TIMEOUT_S
from storyloom.storyboard.outages import outlast
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.storyboard.studio import Studio


@dataclass(frozen=True, slots=True)
class Workbench:
    """The studio, and our own stores, whose outages are waited out."""

    jobs: StoryboardJobManager
    images: ImageStore
    studio: Studio
    clock: Clock
    job_timeout_s: float = JOB_TIMEOUT_S
    meter: Meter = field(default_factory=Meter)
    ledger: Ledger | None = None  #: of calls to models, where there are any

    async def begin(self, job_id: JobId) -> Job:
        """Mark the job as processing."""
        return await outlast(partial(self.jobs.begin, job_id))

    async def job(self, job_id: JobId) -> Job:
        """The whole job."""
        return await outlast(partial(self.jobs.job, job_id))

    async def known(self, job_id: JobId) -> Job | None:
        """Any job, whole; None where there is none."""
        return await outlast(partial(self.jobs.known, job_id))

    async def finish(self, job_id: JobId, outcome: Outcome) -> bool:
        """Write the end of the job: False when another run of it has."""
        return await outlast(partial(self.jobs.finish, job_id, outcome))

    async def fail(
        self,
        job_id: JobId,
        *,
        message: str,
        code: str,
        details: Mapping[str, JsonValue] = MappingProxyType({}),
    ) -> bool:
        """End the job without a result, as `finish` does."""
        end = partial(self.jobs.fail, job_id, message=message, code=code, details=details)
        return await outlast(end)

    async def cost(self, job_id: JobId) -> Cost | None:
        """What the job's calls to models have cost so far; None where there are no models."""
        if self.ledger is None:
            return None
        return cost_of(await outlast(partial(self.ledger.of_job, job_id)))

    async def fetch(self, key: str) -> bytes:
        """A kept file; raises `NotFound`."""
        return await outlast(partial(self.images.get, key))

    async def keep(
        self, kind: str, data: bytes, media_type: MediaType, *, size: tuple[int, int]
    ) -> ImageRef:
        """Keep a picture under its content's name; the size is width and height in pixels."""
        key = key_of(kind, data, media_type)
        await outlast(partial(self.images.put, key, data))
        return ImageRef(
            key=key, media_type=media_type, size_bytes=len(data), width=size[0], height=size[1]
        )


class RunningJob:
    """The job of one run. It does not change while it runs, so it is read once, and after a crash."""

    def __init__(self, bench: Workbench, job_id: JobId) -> None:
        """Take the job's id; nothing is read yet."""
        self.id = job_id
        self._bench = bench
        self._job: Job | None = None

    async def begin(self) -> Job:
        """Mark the job as processing; raises `JobStopped` for one that has ended."""
        self._job = await self._bench.begin(self.id)
        return await self.going_on()

    async def going_on(self) -> Job:
        """The whole job, to be worked at; raises `JobStopped` for one that has ended."""
        job = await self.get()
        if job.status.is_terminal:
            raise JobStopped
        return job

    async def get(self) -> Job:
        """The whole job."""
        if self._job is None:
            self._job = await self._bench.job(self.id)
        return self._job
