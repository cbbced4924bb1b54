"""Runs as people see and steer them, from any process."""

import logging
from collections.abc import Sequence
from datetime import datetime

from storyloom.automation.runs import commands
from storyloom.automation.runs.bells import Bells
from storyloom.automation.runs.commands import Wish
from storyloom.automation.runs.errors import RunNotFound, ShotNotFound
from storyloom.automation.runs.ports import RunEdit, RunStore, ShotEdit
from storyloom.automation.runs.schemas import Run, Shot
from storyloom.errors import StoryloomError
from storyloom.jobs.ports import Engine
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.clock import Clock
from storyloom.kit.ids import parse_job_id

PIPELINE = "story_run"
log = logging.getLogger(__name__)


class Runs:
    """One method for each thing that can be asked. A foreign run is not found."""

    def __init__(self, store: RunStore, engine: Engine, bells: Bells, clock: Clock) -> None:
        """Take where runs are kept, what runs them, and the bells of this process."""
        self._store = store
        self._engine = engine
        self._bells = bells
        self._clock = clock

    async def get(self, org_id: str, name: str) -> Run:
        """One run; raises `RunNotFound`."""
        run_id = parse_job_id(name)
        run = None if run_id is None else await self._store.get(run_id)
        if run is None or run.org_id != org_id:
            raise RunNotFound
        return run

    async def shots(self, run: Run) -> Sequence[Shot]:
        """Its shots, in the story's order."""
        return await self._store.shots(run.id)

    async def shot(self, run: Run, name: str) -> Shot:
        """One of them; raises `ShotNotFound`."""
        found = next((shot for shot in await self.shots(run) if shot.id == name), None)
        if found is None:
            raise ShotNotFound
        return found

    async def newest(self, org_id: str, *, limit: int, before: datetime | None) -> Sequence[Run]:
        """Runs of an organisation, the newest first."""
        return await self._store.page(org_id, limit=limit, before=before)

    async def pause(self, org_id: str, name: str) -> Run:
        """Begin no more pictures; the one in hand is finished. Raises `RunEnded`."""
        return await self._change(await self.get(org_id, name), commands.paused)

    async def resume(self, org_id: str, name: str) -> Run:
        """Go on; raises `RunEnded`."""
        return await self._change(await self.get(org_id, name), commands.resumed)

    async def cancel(self, org_id: str, name: str) -> Run:
        """Stop, and keep what is made; one that has ended stays as it is."""
        run = await self.get(org_id, name)
        run = await self._change(run, commands.cancelled(self._clock.now()))
        if run.status is JobStatus.CANCELLED:
            for shot in await self.shots(run):
                await self._change_shot(run, shot.id, commands.shot_cancelled)
        return run

    async def retry(self, org_id: str, name: str, *, degraded: bool = False) -> Run:
        """Make anew what has failed; raises `NothingToDo`."""
        run = await self.get(org_id, name)
        for shot in commands.to_retry(await self.shots(run), run, degraded=degraded):
            await self._change_shot(run, shot.id, commands.retried(degraded=degraded))
        return await self._reopen(run)

    async def cancel_shot(self, org_id: str, name: str, shot_id: str) -> Shot:
        """Make one picture no more."""
        run = await self.get(org_id, name)
        shot = await self._change_shot(run, shot_id, commands.shot_cancelled)
        await self._change(run, commands.told)
        return shot

    async def regenerate(self, org_id: str, name: str, shot_id: str, wish: Wish) -> Shot:
        """Make another picture of a shot; those that were made stay as versions."""
        run = await self.get(org_id, name)
        shot = await self._change_shot(run, shot_id, commands.regenerated(wish))
        await self._reopen(run)
        return shot

    async def restore(self, org_id: str, name: str, shot_id: str, version: int) -> Shot:
        """Let another version count; raises `VersionNotFound`."""
        run = await self.get(org_id, name)
        shot = await self._change_shot(run, shot_id, commands.restored(version))
        await self._change(run, commands.told)
        return shot

    async def start(self, run: Run) -> None:
        """Let the engine take it up. Where it is away now, the reconciler does so later."""
        try:
            await self._engine.start(run.job, PIPELINE, run.handling.priority)
        except StoryloomError as fault:
            log.warning("a run waits for the reconciler", extra={"reason": fault.message})

    async def _reopen(self, run: Run) -> Run:
        run = await self._change(run, commands.reopened(self._clock.now()))
        if run.status is JobStatus.PENDING:
            await self.start(run)
        return run

    async def _change(self, run: Run, edit: RunEdit) -> Run:
        changed = await self._store.change(run.id, edit)
        self._bells.ring(run.id)
        return changed

    async def _change_shot(self, run: Run, name: str, edit: ShotEdit) -> Shot:
        return await self._store.change_shot(run.id, name, edit)
