"""Exports of runs, as people ask for them and fetch them; `ExportMaker` makes them."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from storyloom.automation.runs.errors import (
    ExportFailed,
    ExportNotFound,
    ExportNotReady,
    NothingToExport,
)
from storyloom.automation.runs.exported import Export, ExportFound, RunExport, name_of
from storyloom.automation.runs.naming import export_job
from storyloom.automation.runs.ports import RunEdit, RunStore
from storyloom.automation.runs.schemas import Run
from storyloom.automation.runs.state import Runs
from storyloom.boards.export.schemas import ExportKind, ExportOptions
from storyloom.errors import NotFound, Unsupported
from storyloom.imaging.ports import ImageStore
from storyloom.jobs.ports import Engine
from storyloom.jobs.schemas import JobStatus, Priority
from storyloom.jobs.stops import Stops
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId

PIPELINE = "run_export"
#: What waits for longer may never have come to the engine: starting it once more does no harm.
OVERDUE = timedelta(seconds=10)
#: There is no file, and there will be none unless it is asked for anew.
UNDONE = frozenset({JobStatus.FAILED, JobStatus.CANCELLED})
#: Raises `Unsupported` for a kind that cannot be made here.
Check = Callable[[ExportKind], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Workshop:
    """What exports are made with: the engine, the place of their files, and what knows what it can."""

    engine: Engine
    files: ImageStore
    check: Check
    stops: Stops  #: of those that are being made in this process


def changing(job: JobId, update: Mapping[str, object]) -> RunEdit:
    """Change the export of this job, unless it has ended or has been asked for anew."""

    def edit(run: Run) -> Run:
        exports = tuple(
            one.model_copy(update=update) if one.job == job and not one.status.is_terminal else one
            for one in run.exports
        )
        return run.model_copy(update={"exports": exports})

    return edit


class RunExports:
    """Accepts exports and hands over their files. A foreign run is not found.

    Accepted means: the run's row names it, and the engine has its job.
    """

    def __init__(self, runs: Runs, store: RunStore, workshop: Workshop, clock: Clock) -> None:
        """Take where runs are kept, and what makes exports."""
        self._runs = runs
        self._store = store
        self._engine = workshop.engine
        self._files = workshop.files
        self._check = workshop.check
        self._stops = workshop.stops
        self._clock = clock

    async def ask(
        self,
        org_id: str,
        name: str,
        kinds: Iterable[ExportKind],
        options: ExportOptions,
        *,
        priority: Priority = Priority.NORMAL,
    ) -> Sequence[Export]:
        """Let these be made of the run as it is then; what is being made is not begun twice.

        Raises `RunNotFound`, `NothingToExport`, and `Unsupported` where something is not installed.
        """
        run = await self._runs.get(org_id, name)
        wanted = {name_of(kind, options): kind for kind in kinds}
        for kind in wanted.values():
            await self._check(kind)
        if not await self._runs.shots(run):
            raise NothingToExport
        run = await self._store.change(run.id, partial(self._wanting, wanted, options, priority))
        asked = [one for one in run.exports if one.name in wanted]
        for one in asked:
            if not one.status.is_terminal:
                await self._engine.start(one.job, PIPELINE, one.priority)
        return asked

    async def all(self, org_id: str, name: str) -> Sequence[Export]:
        """All exports of a run; raises `RunNotFound`."""
        run = await self._runs.get(org_id, name)
        for one in run.exports:
            await self.urge(one)
        return run.exports

    async def unsupported(self) -> Mapping[ExportKind, str]:
        """The kinds that cannot be made here, each with the reason."""
        reasons: dict[ExportKind, str] = {}
        for kind in ExportKind:
            try:
                await self._check(kind)
            except Unsupported as fault:
                reasons[kind] = fault.message
        return reasons

    async def cancel(self, one: RunExport) -> None:
        """Make it no more; what has ended stays as it is. Raises `RunNotFound`.

        The end is written first, so that no crash brings it back; then whoever makes it is stopped: in
        this process at once, in others within two seconds.
        """
        run = await self._store.change(one.run_id, partial(self._without, one.export.name))
        for kept in run.exports:
            if kept.name == one.export.name and kept.status is JobStatus.CANCELLED:
                self._stops.stop(kept.job)

    async def one(self, org_id: str, name: str, export: str) -> tuple[Export, ExportFound]:
        """An export that is there, and what its file is.

        Raises `RunNotFound`, `ExportNotFound`, `ExportNotReady` and `ExportFailed`.
        """
        run = await self._runs.get(org_id, name)
        kept = next((one for one in run.exports if one.name == export), None)
        if kept is None:
            raise ExportNotFound
        await self.urge(kept)
        if kept.status in UNDONE:
            raise ExportFailed(kept.error_message)
        if kept.found is None:
            raise ExportNotReady
        return kept, kept.found

    async def file(self, org_id: str, name: str, export: str) -> bytes:
        """The bytes of an export; one that has gone is made again, and `ExportNotReady` raised."""
        kept, found = await self.one(org_id, name, export)
        try:
            return await self._files.get(found.key)
        except NotFound:
            await self.ask(org_id, name, [kept.kind], kept.options, priority=kept.priority)
        raise ExportNotReady

    async def urge(self, kept: Export) -> None:
        """Start once more what waits for long: the engine may have been away when it was asked for."""
        waits = kept.status is JobStatus.PENDING
        if waits and self._clock.now() - kept.asked_at > OVERDUE:
            await self._engine.start(kept.job, PIPELINE, kept.priority)

    def _without(self, name: str, run: Run) -> Run:
        """The run, where the export of this name is not to be made."""
        ended = {
            "status": JobStatus.CANCELLED,
            "ended_at": self._clock.now(),
            "error_code": "cancelled",
            "error_message": "It was cancelled on request.",
        }
        exports = tuple(
            one.model_copy(update=ended) if one.name == name and not one.status.is_terminal else one
            for one in run.exports
        )
        return run.model_copy(update={"exports": exports})

    def _wanting(
        self, wanted: Mapping[str, ExportKind], options: ExportOptions, priority: Priority, run: Run
    ) -> Run:
        """The run with these exports to be made."""
        kept = {one.name: one for one in run.exports}
        begun = run.exports_begun
        for name, kind in wanted.items():
            if name in kept and not kept[name].status.is_terminal:
                continue
            begun += 1
            kept[name] = Export(
                name=name,
                kind=kind,
                story=run.title,
                options=options,
                job=export_job(run.id, begun),
                priority=priority,
                asked_at=self._clock.now(),
            )
        return run.model_copy(update={"exports": tuple(kept.values()), "exports_begun": begun})
