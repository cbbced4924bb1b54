"""Storyboards among work of all kinds."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import JsonValue, ValidationError

from storyloom.access.schemas import Scope
from storyloom.boards.schemas import FileFormat
from storyloom.jobs.ports import JobIndex
from storyloom.jobs.schemas import HANDLING, Handling, Job, JobStatus, JobSummary, Place, Sought
from storyloom.kit.ids import JobId
from storyloom.storyboard.errors import JobNotFound
from storyloom.storyboard.schemas import JobView, poll_url
from storyloom.storyboard.state import StoryboardJobManager
from storyloom.work.faults import told
from storyloom.work.paging import wanted_of
from storyloom.work.schemas import (
    STATUS_OF,
    Links,
    Metrics,
    Output,
    OutputFile,
    Progress,
    Work,
    WorkFilter,
    WorkKind,
    WorkSummary,
    handled,
)

_TYPES = {
    FileFormat.PNG: "image/png",
    FileFormat.SVG: "image/svg+xml",
    FileFormat.PDF: "application/pdf",
}
#: What is large, or no parameter of a request.
_NOT_SHOWN = frozenset({"file_content", "image_key", "understanding", "art", HANDLING})


class StoryboardWork:
    """Brings the jobs of code files and roadmap screenshots."""

    kinds = frozenset({WorkKind.CODE, WorkKind.ROADMAP})
    scope = Scope.STORYBOARDS

    def __init__(self, jobs: StoryboardJobManager, index: JobIndex) -> None:
        """Take where they are kept, and what looks them up."""
        self._jobs = jobs
        self._index = index

    async def page(
        self, org_id: str, wanted: WorkFilter, *, after: Place | None, limit: int
    ) -> Sequence[WorkSummary]:
        """The newest of an organisation."""

        async def fetch(sought: Sought, most: int) -> Sequence[WorkSummary]:
            found = await self._index.page(org_id, sought, limit=most)
            return [WorkSummary.model_validate(_shown(job, job.handling)) for job in found]

        return await wanted_of(fetch, wanted, after=after, limit=limit)

    async def get(self, org_id: str, work_id: JobId) -> Work | None:
        """One of them, whole."""
        try:
            return whole(await self._jobs.find(work_id, org_id))
        except JobNotFound:
            return None


def whole(job: Job) -> Work:
    """A job as work."""
    view, done = JobView.of(job), job.status is JobStatus.COMPLETED
    degraded = (view.understanding or {}).get("degraded")
    return Work.model_validate(
        {
            **_shown(job, handling_of(job.input_params)),
            "progress": Progress(done=int(done), total=1, fraction=float(done)),
            "input": {k: v for k, v in job.input_params.items() if k not in _NOT_SHOWN},
            "output": Output(files=_files(job)) if done else None,
            "degraded": degraded if isinstance(degraded, list) else [],
            "warnings": view.warnings,
            "cost": view.cost,
        }
    )


def handling_of(params: Mapping[str, JsonValue]) -> Handling:
    """How the job of these parameters is to be handled."""
    try:
        return Handling.model_validate(params.get(HANDLING) or {})
    except ValidationError:
        return Handling()  # written by another version


def _shown(job: JobSummary, handling: Handling) -> dict[str, Any]:
    failed = job.status is JobStatus.FAILED
    return {
        **handled(handling),
        "id": job.id,
        "kind": job.job_type,
        "status": STATUS_OF[job.status],
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
        for one, media_type in _TYPES.items()
    ]
