"""Lights-out runs among work of all kinds."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from storyloom.access.schemas import Scope
from storyloom.automation.runs.errors import NothingToDo, RunNotFound
from storyloom.automation.runs.pipeline import STORIES
from storyloom.automation.runs.ports import RunIndex
from storyloom.automation.runs.schemas import Report, Run, Shot, Wanted, picture_name
from storyloom.automation.runs.starting import RunRequest, RunStarter
from storyloom.automation.runs.state import Runs
from storyloom.automation.runs.views import RUNS, ShotView, eta_of, first_of, waits_of
from storyloom.jobs.queues import Queues
from storyloom.jobs.schemas import JobStatus, Place, Sought
from storyloom.kit.ids import JobId
from storyloom.work.errors import NothingFailed
from storyloom.work.explaining import explained, queued
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
    Waiting,
    Work,
    WorkFilter,
    WorkKind,
    WorkStatus,
    WorkSummary,
    handled,
    thumbnail_of,
)


class RunWork:
    """Brings runs."""

    kinds = frozenset({WorkKind.RUN})
    scope = Scope.STORIES

    def __init__(
        self,
        runs: Runs,
        index: RunIndex,
        starter: RunStarter,
        queues: Queues,
    ) -> None:
        """Take what steers runs, looks them up and starts them, and where they wait."""
        self._starter = starter
        self._queues = queues
        self._runs = runs
        self._index = index

    async def page(
        self, org_id: str, wanted: WorkFilter, *, after: Place | None, limit: int
    ) -> Sequence[WorkSummary]:
        """The newest of an organisation."""

        async def fetch(sought: Sought, most: int) -> Sequence[WorkSummary]:
            found = await self._index.seek(org_id, sought, limit=most)
            # Of a run that has ended, the report tells; it stays as it was where people went on.
            open_ones = [run.id for run in found if run.report is None]
            counted = await self._index.progress(open_ones)
            pictures = await self._index.first_pictures([run.id for run in found])
            return [
                WorkSummary.model_validate(
                    _shown(
                        *(run, *(counted.get(run.id) or _reported(run))),
                        picture=pictures.get(run.id),
                    )
                )
                for run in found
            ]

        return await wanted_of(fetch, wanted, after=after, limit=limit)

    async def get(self, org_id: str, work_id: JobId) -> Work | None:
        """One of them, whole."""
        with suppress(RunNotFound):
            run = await self._runs.get(org_id, work_id)
            return await self._whole(run)
        return None

    async def cancel(self, org_id: str, work_id: JobId) -> Work:
        """Stop it."""
        return await self._whole(await self._runs.cancel(org_id, work_id))

    async def retry(self, org_id: str, work_id: JobId) -> Work:
        """Make anew what has failed; raises `NothingFailed`."""
        try:
            return await self._whole(await self._runs.retry(org_id, work_id))
        except NothingToDo as fault:
            raise NothingFailed from fault

    async def explain(self, org_id: str, work_id: JobId) -> Explanation:
        """Why it is where it is."""
        run = await self._runs.get(org_id, work_id)
        shots = await self._runs.shots(run)
        found = eta_of(run, shots, self._starter.now())
        eta = None if found is None else Eta.model_validate(found.model_dump())
        return explained(await self._placed(run, whole(run, shots)), eta)

    async def create(self, org_id: str, order: WorkOrder) -> Work:
        """Accept a session, or a script in the input or as a file."""
        told = {} if order.file is None else {"script": order.file.text}
        request = order.read(RunRequest, **told)
        return await self._whole(await self._starter.start(org_id, request, order.handling))

    async def _whole(self, run: Run) -> Work:
        return await self._placed(run, whole(run, await self._runs.shots(run)))

    async def _placed(self, run: Run, work: Work) -> Work:
        if work.status is not WorkStatus.QUEUED:
            return work
        return queued(work, STORIES, await self._queues.waits(run.job, STORIES), None)


def whole(run: Run, shots: Sequence[Shot]) -> Work:
    """A run as work."""
    done = sum(shot.status.is_terminal for shot in shots)
    cost = None if run.report is None else run.report.spent
    return Work.model_validate(
        {
            **_shown(run, done, len(shots), picture=_picture(shots)),
            "input": {
                "session_timestamp": run.session_timestamp,
                "config": run.config.model_dump(mode="json"),
            },
            "output": Output(files=[file for shot in shots for file in _files(run, shot)]),
            "degraded": run.degraded,
            "cost": cost if run.status.is_terminal else None,
        }
    )


def status_of(run: Run) -> WorkStatus:
    """Its status in the words of all work."""
    if run.status is not JobStatus.PROCESSING:
        return STATUS_OF[run.status]
    if run.wanted is Wanted.CANCEL:
        return WorkStatus.CANCELING
    is_still = run.wanted is Wanted.PAUSE or run.waiting_on
    return WorkStatus.WAITING if is_still else WorkStatus.RUNNING


def _reported(run: Run) -> tuple[int, int]:
    """How many shots had ended when the run did, and how many there were."""
    end = run.report or Report(headline="")
    return end.done + end.degraded + end.failed + end.cancelled, end.total


def _picture(shots: Sequence[Shot]) -> str | None:
    first = first_of(shots)
    return None if first is None else picture_name(first[0].id, first[1].number)


def _shown(run: Run, done: int, total: int, *, picture: str | None) -> dict[str, Any]:
    failed = run.status is JobStatus.FAILED
    return {
        **handled(run.handling),
        "id": run.id,
        "kind": WorkKind.RUN,
        "title": run.title or None,
        "status": status_of(run),
        "progress": Progress(done=done, total=total, fraction=done / total if total else None),
        "thumbnail": None if picture is None else thumbnail_of(run.id, picture),
        "stage": run.stage,
        "waiting_on": [Waiting(code=w.code, detail=w.detail, until=w.until) for w in waits_of(run)],
        "error": told(run.error_code, run.error_message, stage=run.stage) if failed else None,
        "metrics": Metrics.of(run.waits_since, run.started_at, run.completed_at),
        "created_at": run.created_at,
        "started_at": run.started_at,
        "completed_at": run.completed_at,
        "org_id": run.org_id,
        "links": Links.of(run.id, f"{RUNS}/{run.id}"),
    }


def _files(run: Run, shot: Shot) -> list[OutputFile]:
    version, url = shot.version, ShotView.of(run, shot).image_url
    if version is None or url is None:
        return []
    kind = version.picture.media_type
    return [OutputFile(name=f"{shot.id}.{kind.partition('/')[2]}", url=url, media_type=kind)]
