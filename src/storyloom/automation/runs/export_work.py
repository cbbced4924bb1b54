"""Exports of runs among work of all kinds."""

from collections.abc import Sequence
from typing import Any

from storyloom.access.schemas import Scope
from storyloom.automation.runs.errors import ExportNotFound
from storyloom.automation.runs.export_bodies import exports_url
from storyloom.automation.runs.export_making import EXPORTS
from storyloom.automation.runs.exported import RunExport
from storyloom.automation.runs.exporting import UNDONE, RunExports
from storyloom.automation.runs.ports import ExportIndex
from storyloom.automation.runs.views import RUNS
from storyloom.errors import Unsupported
from storyloom.jobs.queues import Queues
from storyloom.jobs.schemas import Handling, JobStatus, Place, Sought
from storyloom.kit.ids import JobId
from storyloom.work.errors import NothingFailed
from storyloom.work.explaining import explained, queued
from storyloom.work.faults import told
from storyloom.work.ordering import WorkOrder
from storyloom.work.paging import wanted_of
from storyloom.work.schemas import (
    STATUS_OF,
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
)


class ExportWork:
    """Brings exports. One that is asked for anew keeps its id, and is the newest again."""

    kinds = frozenset({WorkKind.EXPORT})
    scope = Scope.STORIES

    def __init__(self, exports: RunExports, index: ExportIndex, queues: Queues) -> None:
        """Take what accepts exports and looks them up, and where they wait."""
        self._exports = exports
        self._index = index
        self._queues = queues

    async def page(
        self, org_id: str, wanted: WorkFilter, *, after: Place | None, limit: int
    ) -> Sequence[WorkSummary]:
        """The newest of an organisation."""

        async def fetch(sought: Sought, most: int) -> Sequence[WorkSummary]:
            found = await self._index.seek_exports(org_id, sought, limit=most)
            return [WorkSummary.model_validate(_shown(one)) for one in found]

        return await wanted_of(fetch, wanted, after=after, limit=limit)

    async def get(self, org_id: str, work_id: JobId) -> Work | None:
        """One of them, whole."""
        found = await self._index.export(work_id)
        if found is None or found.org_id != org_id:
            return None
        await self._exports.urge(found.export)
        return await self._placed(found)

    async def cancel(self, org_id: str, work_id: JobId) -> Work:
        """Make it no more, also while it is being made."""
        await self._exports.cancel(await self._found(org_id, work_id))
        return await self._placed(await self._found(org_id, work_id))

    async def retry(self, org_id: str, work_id: JobId) -> Work:
        """Make it again, of what the run is by now; raises `NothingFailed`."""
        found = await self._found(org_id, work_id)
        one = found.export
        if one.status not in UNDONE:
            raise NothingFailed
        await self._exports.ask(
            org_id, found.run_id, [one.kind], one.options, priority=one.priority
        )
        return await self._placed(await self._found(org_id, work_id))

    async def explain(self, org_id: str, work_id: JobId) -> Explanation:
        """Why it is where it is."""
        return explained(await self._placed(await self._found(org_id, work_id)), None)

    async def create(
        self,
        org_id: str,  # noqa: ARG002 - the signature is the port's
        order: WorkOrder,  # noqa: ARG002 - the same
    ) -> Work:
        """Refuse it: one order may be of several files, which the run's own route answers."""
        raise Unsupported(f"Ask for exports at their run: POST {RUNS}/{{id}}/exports.")

    async def _found(self, org_id: str, work_id: JobId) -> RunExport:
        """One that was there a moment ago; raises `ExportNotFound` where its run has gone since."""
        found = await self._index.export(work_id)
        if found is None or found.org_id != org_id:
            raise ExportNotFound
        return found

    async def _placed(self, found: RunExport) -> Work:
        work = whole(found)
        if work.status is not WorkStatus.QUEUED:
            return work
        return queued(work, EXPORTS, await self._queues.waits(found.export.job, EXPORTS), None)


def whole(told_of: RunExport) -> Work:
    """An export as work."""
    one, found = told_of.export, told_of.export.found
    left_out = ", ".join(map(str, () if found is None else found.left_out))
    return Work.model_validate(
        {
            **_shown(told_of),
            "input": {
                "run_id": told_of.run_id,
                "name": one.name,
                "format": one.kind,
                **one.options.model_dump(mode="json", exclude={"embeds"}),
            },
            "output": None
            if found is None
            else Output(
                files=[
                    OutputFile(
                        name=found.file_name, url=_url(told_of), media_type=one.kind.media_type
                    )
                ]
            ),
            "degraded": [f"Cards stand for pictures that could not be read: {left_out}"]
            if left_out
            else [],
        }
    )


def _shown(told_of: RunExport) -> dict[str, Any]:
    one = told_of.export
    failed, done = one.status is JobStatus.FAILED, int(one.found is not None)
    return {
        **handled(Handling(priority=one.priority)),
        "id": told_of.id,
        "kind": WorkKind.EXPORT,
        "title": one.name,
        "story": one.story or None,
        "status": STATUS_OF[one.status],
        "progress": Progress(done=done, total=1, fraction=float(done)),
        "stage": None,
        "error": told(one.error_code, one.error_message) if failed else None,
        "metrics": Metrics.of(one.asked_at, one.started_at, one.ended_at),
        "created_at": one.asked_at,
        "started_at": one.started_at,
        "completed_at": one.ended_at,
        "org_id": told_of.org_id,
        "links": Links.of(told_of.id, _url(told_of)),
    }


def _url(told_of: RunExport) -> str:
    return f"{exports_url(told_of.run_id)}/{told_of.export.name}"
