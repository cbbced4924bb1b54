"""A store of runs that tells what happens to them, whoever does it."""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import datetime

from storyloom.automation.runs.export_telling import export_changes_of
from storyloom.automation.runs.ports import RunEdit, RunStore, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot
from storyloom.automation.runs.telling import accepted, changes_of, shot_changes_of
from storyloom.events.ports import Emitter
from storyloom.kit.clock import Clock
from storyloom.kit.ids import JobId

_REMEMBERED = 4096


class ToldRuns:
    """A `RunStore` over another one. What is told is what that one has kept."""

    def __init__(self, kept: RunStore, events: Emitter, clock: Clock) -> None:
        """Take the store, and where it is told."""
        self._kept = kept
        self._events = events
        self._clock = clock
        self._owners: OrderedDict[JobId, str] = OrderedDict()

    async def add(self, run: Run, cause: str = "") -> Run:
        """Keep a new run."""
        first = await self._kept.add(run, cause)
        self._remember(first)
        if first.id == run.id:
            self._events.emit(accepted(run, self._clock))
        return first

    async def get(self, run_id: JobId) -> Run | None:
        """The run, or None."""
        return await self._kept.get(run_id)

    async def page(self, org_id: str, *, limit: int, before: datetime | None) -> Sequence[Run]:
        """Runs of an organisation, the newest first."""
        return await self._kept.page(org_id, limit=limit, before=before)

    async def unfinished(
        self, *, created_before: datetime, limit: int, created_after: datetime | None = None
    ) -> Sequence[Run]:
        """Runs that have not ended, the oldest first."""
        return await self._kept.unfinished(
            created_before=created_before, limit=limit, created_after=created_after
        )

    async def change(self, run_id: JobId, edit: RunEdit, *, epoch: int | None = None) -> Run:
        """Change a run."""
        seen: list[Run] = []

        def noted(run: Run) -> Run:
            seen[:] = [run]
            return edit(run)

        changed = await self._kept.change(run_id, noted, epoch=epoch)
        self._remember(changed)
        self._events.emit(*changes_of(seen[0], changed, self._clock))
        self._events.emit(*export_changes_of(seen[0], changed))
        return changed

    async def shots(self, run_id: JobId) -> Sequence[Shot]:
        """The shots of a run, in the story's order."""
        return await self._kept.shots(run_id)

    async def add_shots(self, run_id: JobId, shots: Sequence[Shot], *, epoch: int) -> None:
        """Keep new shots."""
        await self._kept.add_shots(run_id, shots, epoch=epoch)

    async def change_shot(
        self, run_id: JobId, name: str, edit: ShotEdit, *, epoch: int | None = None
    ) -> Shot:
        """Change a shot."""
        seen: list[Shot] = []

        def noted(shot: Shot) -> Shot:
            seen[:] = [shot]
            return edit(shot)

        org_id = await self._owner(run_id)
        changed = await self._kept.change_shot(run_id, name, noted, epoch=epoch)
        self._events.emit(
            *shot_changes_of(seen[0], changed, org_id=org_id, run_id=run_id, clock=self._clock)
        )
        return changed

    async def _owner(self, run_id: JobId) -> str:
        """Whose it is; nobody's where there is no such run, of which no shot is changed either."""
        if run_id not in self._owners and (run := await self._kept.get(run_id)) is not None:
            self._remember(run)
        return self._owners.get(run_id, "")

    def _remember(self, run: Run) -> None:
        self._owners[run.id] = run.org_id
        if len(self._owners) > _REMEMBERED:
            self._owners.popitem(last=False)
