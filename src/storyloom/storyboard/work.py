"""Storyboards among work of all kinds."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue

from storyloom.access.schemas import Scope
from storyloom.jobs.ports import JobIndex
from storyloom.jobs.queues import Queues, Waits
from storyloom.jobs.schemas import HANDLING, Handling, Job, JobStatus, JobSummary, Place, Sought
from storyloom.kit.ids import JobId
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.handling import handling_of
from storyloom.storyboard.insight import PICTURE
from storyloom.storyboard.lately import Lately
from storyloom.storyboard.orders import StoryboardOrders
from storyloom.storyboard.pictures import offered
from storyloom.storyboard.presets import PROFILE
from storyloom.storyboard.schemas import JobView, poll_url
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.work.errors import NothingFailed
from storyloom.work.explaining import eta_of, explained, queued
from storyloom.work.faults import told
from storyloom.work.ordering import WorkOrder
from storyloom.work.paging import wanted_of
from storyloom.work.schemas import (
    STATUS_OF,
    Eta,
    Explanation,
    Links,
    Metrics,
    Output,
    OutputFile,
    Progress,
    Work,
    WorkFilter,
    WorkKind,
    WorkStatus,
    WorkSummary,
    handled,
    thumbnail_of,
)

QUEUE = "storyboards"
#: What is large, or no parameter of a request.
_NOT_SHOWN = frozenset(
    {"file_content", "image_key", "understanding", "art", "begun_with", "reads", HANDLING, PROFILE}
)


class StoryboardWork:
    """Brings the jobs of code files and roadmap screenshots."""

    kinds = frozenset({WorkKind.CODE, WorkKind.ROADMAP})
    scope = Scope.STORYBOARDS

    def __init__(
        self,
        jobs: StoryboardJobManager,
        index: JobIndex,
        orders: StoryboardOrders,
        queues: Queues,
        *,
        slots: int,
    ) -> None:
        """Take where they are kept, what looks them up, what can be asked, and where they wait.

        A worker runs so many at a time as there are slots.
        """
        self._queues = queues
        self._slots = slots
        self._jobs = jobs
        self._index = index
        self._orders = orders
        self._lately = Lately(index, jobs.clock)

    async def page(
        self, org_id: str, wanted: WorkFilter, *, after: Place | None, limit: int
    ) -> Sequence[WorkSummary]:
        """The newest of an organisation."""

        async def fetch(sought: Sought, most: int) -> Sequence[WorkSummary]:
            found = await self._index.page(org_id, sought, limit=most)
            return [
                WorkSummary.model_validate(
                    _shown(job, job.handling, job.title)
                    | job.model_dump(include={"headline", "audience", "format"})
                )
                for job in found
            ]

        return await wanted_of(fetch, wanted, after=after, limit=limit)

    async def get(self, org_id: str, work_id: JobId) -> Work | None:
        """One of them, whole."""
        try:
            return (await self._looked_at(await self._jobs.find(work_id, org_id)))[0]
        except JobNotFound:
            return None

    async def cancel(self, org_id: str, work_id: JobId) -> Work:
        """Stop it."""
        return whole(await self._orders.cancel(await self._jobs.find(work_id, org_id)))

    async def retry(self, org_id: str, work_id: JobId) -> Work:
        """Have it tried again by a child; raises `NothingFailed`."""
        child = await self._orders.retry(await self._jobs.find(work_id, org_id))
        if child is None:
            raise NothingFailed
        return whole(child)

    async def explain(self, org_id: str, work_id: JobId) -> Explanation:
        """Why it is where it is."""
        work, eta = await self._looked_at(await self._jobs.find(work_id, org_id))
        return explained(work, eta)

    async def create(self, org_id: str, order: WorkOrder) -> Work:
        """Accept a code file or a screenshot, in the input or as a file."""
        return whole(await self._orders.create(org_id, order))

    async def _looked_at(self, job: Job) -> tuple[Work, Eta | None]:
        """The job, where it stands in its queue, and when it may have ended."""
        work = whole(job)
        if work.status not in {WorkStatus.QUEUED, WorkStatus.RUNNING}:
            return work, None
        waits = Waits(None, is_paused=False)
        if work.status is WorkStatus.QUEUED:
            waits = await self._queues.waits(job.id, QUEUE)
        eta = await self._eta(work, waits.ahead or 0)
        if work.status is WorkStatus.QUEUED:
            work = queued(work, QUEUE, waits, None if waits.is_paused else eta)
        return work, None if waits.is_paused else eta

    async def _eta(self, work: Work, ahead: int) -> Eta | None:
        took_s = await self._lately.took_s(work.org_id, work.kind.value)
        if not took_s:
            return None
        now = self._jobs.clock.now()
        return eta_of(work, took_s, ahead=ahead, slots=self._slots, now=now)


def whole(job: Job) -> Work:
    """A job as work."""
    view, done = JobView.of(job), job.status is JobStatus.COMPLETED
    title = title_of(job.input_params, view.understanding)
    degraded = (view.understanding or {}).get("degraded")
    return Work.model_validate(
        {
            **_shown(job, handling_of(job.input_params), title),
            "headline": _word((view.understanding or {}).get("headline"))
            or _word(job.input_params.get("custom_headline")),
            "audience": _word(job.input_params.get("audience")),
            "format": _word(job.input_params.get("format")),
            "input": {k: v for k, v in job.input_params.items() if k not in _NOT_SHOWN},
            "output": Output(files=_files(job)) if done else None,
            "degraded": degraded if isinstance(degraded, list) else [],
            "warnings": view.warnings,
            "cost": view.cost,
        }
    )


def title_of(
    params: Mapping[str, JsonValue], understanding: Mapping[str, JsonValue] | None
) -> str | None:
    """What lists call it, as the database has it too: its file's name, or else its headline."""
    named = (params.get("file_name"), params.get("custom_headline"))
    found = (*named, (understanding or {}).get("headline"))
    return next(filter(None, map(_word, found)), None)


def _word(value: JsonValue) -> str | None:
    return value if isinstance(value, str) and value else None


def _shown(job: JobSummary, handling: Handling, title: str | None) -> dict[str, Any]:
    failed, done = job.status is JobStatus.FAILED, job.status is JobStatus.COMPLETED
    return {
        **handled(handling),
        "id": job.id,
        "kind": job.job_type,
        "title": title,
        "status": STATUS_OF[job.status],
        "progress": Progress(done=int(done), total=1, fraction=float(done)),
        "thumbnail": thumbnail_of(job.id, PICTURE) if done else None,
        "stage": None,
        "error": told(job.error_code, job.error_message) if failed else None,
        "metrics": Metrics.of(job.created_at, job.started_at, job.completed_at),
        "created_at": job.created_at,
        "started_at": job.started_at,
        "completed_at": job.completed_at,
        "org_id": job.org_id,
        "links": Links.of(job.id, poll_url(job.id)),
    }


def _files(job: Job) -> list[OutputFile]:
    url = f"{poll_url(job.id)}/image"
    return [
        OutputFile(name=f"storyboard.{one}", url=f"{url}?format={one}", media_type=media_type)
        for one, media_type in offered().items()
    ]
