"""What people can ask of a storyboard job that was accepted: to stop it, or to try it again."""

from collections.abc import Generator
from contextlib import contextmanager
from uuid import UUID, uuid5

from pydantic import JsonValue

from storyloom.errors import Conflict, InvalidInput
from storyloom.jobs.meter import Meter
from storyloom.jobs.schemas import HANDLING, Job, JobStatus
from storyloom.jobs.stops import Stops
from storyloom.kit.ids import JobId
from storyloom.outbound.costs import cost_of
from storyloom.outbound.ports import Ledger
from storyloom.storyboard.handling import handling_of
from storyloom.storyboard.intake import StoryboardIntake
from storyloom.storyboard.schemas import CodeStoryboardRequest, RoadmapStoryboardRequest
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.work.ordering import WorkOrder
from storyloom.work.schemas import WorkKind

_UNDONE = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})


class StoryboardOrders:
    """Stops jobs, and has them tried again."""

    def __init__(
        self,
        jobs: StoryboardJobManager,
        intake: StoryboardIntake,
        stops: Stops,
        *,
        ledger: Ledger,
        meter: Meter,
    ) -> None:
        """Take where they are kept, what accepts new ones, and those that run in this process."""
        self._jobs = jobs
        self._intake = intake
        self._stops = stops
        self._ledger = ledger
        self._meter = meter

    async def cancel(self, job: Job) -> Job:
        """The job, which has ended now, if it had not before.

        The end is written first, so that no crash brings the job back; then its call is stopped: in
        this process at once, in others within two seconds.
        """
        if job.status.is_terminal:
            return job
        written = await self._jobs.cancel(job, await self._cost(job))
        self._stops.stop(job.id)
        ended = await self._jobs.job(job.id)
        if written:
            self._meter.ended(ended.job_type, ended.status, ended.execution_time_ms or 0)
        return ended

    async def retry(self, job: Job) -> Job | None:
        """The job that tries this one again; None where it has not failed.

        A job is tried again once, and then the one that did so: asking twice gives the same job.
        """
        if job.status not in _UNDONE:
            return None
        while job.status in _UNDONE:
            child_id = _next(job.id)
            child = await self._jobs.known(child_id)
            job = await self._accepted(child_id, job) if child is None else child
        return job

    async def _accepted(self, child_id: JobId, job: Job) -> Job:
        before = handling_of(job.input_params)
        handling = before.model_copy(update={"parent_id": job.id, "attempt": before.attempt + 1})
        told: dict[str, JsonValue] = {HANDLING: handling.model_dump(mode="json")}
        params = job.input_params | told
        try:
            return await self._intake.again(child_id, job, params)
        except Conflict:  # somebody else has asked at the same time
            return await self._jobs.job(child_id)

    async def create(self, org_id: str, order: WorkOrder) -> Job:
        """Accept a code file or a screenshot; raises `InvalidInput` with the field's path."""
        file = order.file
        with _in_input():
            if order.kind is WorkKind.CODE:
                told = {} if file is None else {"file_name": file.name, "file_content": file.text}
                code = order.read(CodeStoryboardRequest, **told)
                accepted = await self._intake.code(code, org_id, order.handling)
            else:
                told = {} if file is None else {"image_data": file.base64}
                roadmap = order.read(RoadmapStoryboardRequest, **told)
                accepted = await self._intake.roadmap(roadmap, org_id, order.handling)
        return await self._jobs.job(accepted.job_id)

    async def _cost(self, job: Job) -> dict[str, JsonValue]:
        """What it has cost so far. Of the call that is stopped nobody knows what it cost."""
        cost = cost_of(await self._ledger.of_job(job.id))
        return {"cost": cost.model_dump(mode="json")}


@contextmanager
def _in_input() -> Generator[None]:
    """Name fields by where they are in an order."""
    try:
        yield
    except InvalidInput as fault:
        if fault.loc[:1] == ("body",) and fault.loc[1:2] not in {("input",), ("file",)}:
            loc = ("body", "input", *fault.loc[1:])
            raise InvalidInput(fault.message, loc=loc, kind=fault.kind) from fault
        raise


def _next(job_id: JobId) -> JobId:
    """The id of the job that tries this one again: always the same."""
    return JobId(str(uuid5(UUID(job_id), "retry")))
