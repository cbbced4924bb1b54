"""Runs in this process: the twin that tests use."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from storyloom.automation.runs.errors import RunNotFound, ShotNotFound, Superseded
from storyloom.automation.runs.exported import RunExport
from storyloom.automation.runs.ports import RunEdit, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot, picture_name
from storyloom.automation.runs.told import RunTeller
from storyloom.automation.runs.views import first_of
from storyloom.errors import Conflict
from storyloom.jobs.schemas import Sought
from storyloom.kit.ids import JobId


class MemoryRunStore:
    """Keeps runs in dictionaries. Nothing waits, so every method is of one piece."""

    def __init__(self, teller: RunTeller | None = None) -> None:
        """It begins empty. Take what says how changes are told."""
        self._teller = teller or RunTeller()
        self._runs: dict[JobId, Run] = {}
        self._shots: dict[JobId, dict[str, Shot]] = {}
        self._causes: dict[tuple[str, str], JobId] = {}

    async def add(self, run: Run, cause: str = "") -> Run:
        """Keep a new run; for the second of a cause, give the first."""
        first = self._causes.get((run.org_id, cause)) if cause else None
        if first is not None:
            return self._runs[first]
        if run.id in self._runs:
            raise Conflict("There is a run with this id.")
        if cause:
            self._causes[run.org_id, cause] = run.id
        self._runs[run.id] = run
        self._shots[run.id] = {}
        self._teller.tell(self._teller.added(run))
        return run

    async def get(self, run_id: JobId) -> Run | None:
        """The run, or None."""
        return self._runs.get(run_id)

    async def page(self, org_id: str, *, limit: int, before: datetime | None) -> Sequence[Run]:
        """Runs of an organisation, the newest first."""
        found = [
            run
            for run in self._runs.values()
            if run.org_id == org_id and (before is None or run.created_at < before)
        ]
        return sorted(found, key=lambda run: (run.created_at, run.id), reverse=True)[:limit]

    async def seek(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[Run]:
        """Runs of an organisation, the newest first."""
        found = [
            run
            for run in self._runs.values()
            if run.org_id == org_id
            and sought.takes(run.id, run.title, run.handling.labels)
            and (not sought.statuses or run.status in sought.statuses)
            and (sought.created_after is None or run.created_at > sought.created_after)
            and (sought.created_before is None or run.created_at < sought.created_before)
            and (sought.after is None or (run.created_at, run.id) < sought.after)
        ]
        return sorted(found, key=lambda run: (run.created_at, run.id), reverse=True)[:limit]

    async def progress(self, run_ids: Sequence[JobId]) -> Mapping[JobId, tuple[int, int]]:
        """How many shots of each of these runs have ended, and how many there are."""
        shots = {run_id: self._shots.get(run_id, {}).values() for run_id in run_ids}
        return {
            run_id: (sum(one.status.is_terminal for one in some), len(some))
            for run_id, some in shots.items()
            if some
        }

    async def first_pictures(self, run_ids: Sequence[JobId]) -> Mapping[JobId, str]:
        """The name of the first picture of each of these runs that has one."""
        shots = {run_id: await self.shots(run_id) for run_id in run_ids}
        made = {run_id: first_of(some) for run_id, some in shots.items()}
        return {
            run_id: picture_name(first[0].id, first[1].number)
            for run_id, first in made.items()
            if first is not None
        }

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[Run]:
        """Runs that have not ended, the oldest first."""
        found = [
            run
            for run in self._runs.values()
            if not run.status.is_terminal
            and run.created_at < created_before
            and (created_after is None or run.created_at > created_after)
        ]
        return sorted(found, key=lambda run: (run.created_at, run.id))[:limit]

    async def change(self, run_id: JobId, edit: RunEdit, *, epoch: int | None = None) -> Run:
        """Change a run."""
        run = self._run(run_id, epoch)
        changed = edit(run)
        self._runs[run_id] = changed
        self._teller.tell(self._teller.changed(run, changed))
        return changed

    async def shots(self, run_id: JobId) -> Sequence[Shot]:
        """The shots of a run, in the story's order."""
        return sorted(self._shots.get(run_id, {}).values(), key=lambda s: (s.place, s.id))

    async def add_shots(self, run_id: JobId, shots: Sequence[Shot], *, epoch: int) -> None:
        """Keep new shots."""
        org_id, kept = self._run(run_id, epoch).org_id, self._shots[run_id]
        new = {shot.id: shot for shot in shots if shot.id not in kept}
        kept |= new
        drafts = self._teller.shots_added(list(new.values()), org_id=org_id, run_id=run_id)
        self._teller.tell(drafts)

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        """Change a shot."""
        org_id = self._run(run_id, epoch).org_id
        shot = self._shots[run_id].get(name)
        if shot is None:
            raise ShotNotFound
        changed = edit(shot)
        self._shots[run_id][name] = changed
        drafts = self._teller.shot_changed(shot, changed, org_id=org_id, run_id=run_id)
        self._teller.tell(drafts)
        return changed

    async def forget(self, *, ended_before: datetime, limit: int) -> Sequence[Run]:
        """Remove the runs that ended first, with their shots."""
        ended = [
            (run.completed_at, run.id)
            for run in self._runs.values()
            if _ended_before(run, ended_before)
        ]
        gone = [self._runs.pop(run_id) for _, run_id in sorted(ended)[:limit]]
        for run in gone:
            del self._shots[run.id]
        self._causes = {c: run_id for c, run_id in self._causes.items() if run_id in self._runs}
        return gone

    async def ended(self, *, before: datetime) -> int:
        """How many runs ended before this time."""
        return sum(_ended_before(run, before) for run in self._runs.values())

    async def seek_exports(self, org_id: str, sought: Sought, *, limit: int) -> Sequence[RunExport]:
        """Exports of an organisation's runs, the last asked for first."""
        found = [
            (one.export.asked_at, one.id, one)
            for one in self._exports()
            if one.org_id == org_id
            and sought.takes(one.id, one.export.name, {})
            and (not sought.statuses or one.export.status in sought.statuses)
            and (sought.created_after is None or one.export.asked_at > sought.created_after)
            and (sought.created_before is None or one.export.asked_at < sought.created_before)
            and (sought.after is None or (one.export.asked_at, one.id) < sought.after)
        ]
        return [one for _, _, one in sorted(found, key=lambda f: f[:2], reverse=True)[:limit]]

    async def export(self, export_id: JobId) -> RunExport | None:
        """One of them, or None."""
        return next((one for one in self._exports() if one.id == export_id), None)

    async def open_exports(self, run_ids: Collection[JobId]) -> Sequence[RunExport]:
        """Those of these runs that have not ended."""
        found = [one for one in self._exports() if one.run_id in run_ids]
        return [one for one in found if not one.export.status.is_terminal]

    async def unfinished_exports(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[RunExport]:
        """Exports that have not ended, the first asked for first."""
        waiting = [
            (one.export.asked_at, one.id, one)
            for one in self._exports()
            if not one.export.status.is_terminal
            and one.export.asked_at < created_before
            and (created_after is None or one.export.asked_at > created_after)
        ]
        return [one for _, _, one in sorted(waiting, key=lambda f: f[:2])[:limit]]

    async def oldest(self, *, without_ended_before: datetime | None = None) -> datetime | None:
        """When the oldest run was made, without those that ended before a time."""
        kept = [
            run.created_at
            for run in self._runs.values()
            if without_ended_before is None or not _ended_before(run, without_ended_before)
        ]
        return min(kept, default=None)

    def _exports(self) -> list[RunExport]:
        runs = self._runs.values()
        return [RunExport(run.id, run.org_id, one) for run in runs for one in run.exports]

    def _run(self, run_id: JobId, epoch: int | None) -> Run:
        run = self._runs.get(run_id)
        if run is None:
            raise RunNotFound
        if epoch is not None and run.epoch != epoch:
            raise Superseded
        return run


def _ended_before(run: Run, at: datetime) -> bool:
    return run.status.is_terminal and run.completed_at is not None and run.completed_at < at
