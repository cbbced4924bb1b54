"""Who drives runs: takes one up where it is, whoever had it before, and brings it to its end."""

import asyncio
import logging
from functools import partial

import anyio

from storyloom.automation.runs.directing.crew import Crew
from storyloom.automation.runs.directing.ending import Ending
from storyloom.automation.runs.directing.performance import Performance
from storyloom.automation.runs.directing.slate import Slate, outlast
from storyloom.automation.runs.errors import RunNotFound, Superseded
from storyloom.automation.runs.naming import run_of
from storyloom.automation.runs.schemas import Run
from storyloom.jobs.errors import HandedOver
from storyloom.jobs.schemas import JobStatus
from storyloom.kit.ids import JobId

log = logging.getLogger(__name__)


class Director:
    """Drives runs, any number at the same time; all that it knows of them is in their rows."""

    def __init__(self, crew: Crew) -> None:
        """To be made in the event loop."""
        self._crew = crew
        self._loop = asyncio.get_running_loop()
        self._performances: dict[JobId, Performance] = {}
        self._is_leaving = False

    async def run(self, job: JobId) -> None:
        """Drive the run of this job to its end, from wherever it is.

        Returns at once for a job that another one of the same run has followed. Raises `HandedOver`
        after `leave`.
        """
        if self._is_leaving:
            raise HandedOver
        run = await self._claimed(job)
        if run is None:
            return
        if run.status.is_terminal:
            await Ending(self._crew).after(run)
            return
        try:
            await self._drive(run)
        except Superseded:
            log.info("another process has taken the run up", extra={"run": run.id})

    async def fail(self, job: JobId, *, message: str, code: str) -> bool:
        """Write the end of a run that was not brought to one: False where it has ended meanwhile."""
        return await outlast(
            partial(Ending(self._crew).fail, run_of(job), job, message=message, code=code)
        )

    async def leave(self, grace_s: float) -> None:
        """Let go of all runs, for others to go on with; pictures in hand have so long."""
        self._is_leaving = True
        async with anyio.create_task_group() as tasks:
            for performance in self._performances.values():
                tasks.start_soon(performance.leave, grace_s)

    def hurry(self) -> None:
        """Wait no longer for pictures in hand. May be called by a signal handler."""
        self._loop.call_soon_threadsafe(self._hurry)

    def _hurry(self) -> None:
        for performance in self._performances.values():
            performance.hurry()

    async def _claimed(self, job: JobId) -> Run | None:
        """The run, which is ours from now on; None where there is nothing to be done."""
        run_id = run_of(job)
        try:
            run = await outlast(partial(self._crew.runs.change, run_id, partial(self._claim, job)))
        except RunNotFound:
            log.warning("there is no such run any more", extra={"run": run_id})
            return None
        return run if run.job == job else None

    def _claim(self, job: JobId, run: Run) -> Run:
        if run.job != job or run.status.is_terminal:
            return run
        return run.model_copy(
            update={
                "epoch": run.epoch + 1,
                "status": JobStatus.PROCESSING,
                "started_at": run.started_at or self._crew.clock.now(),
                "waiting_on": (),
            }
        )

    async def _drive(self, run: Run) -> None:
        shots = await outlast(partial(self._crew.runs.shots, run.id))
        slate = Slate(self._crew.runs, run, shots)
        await self._choose_backend(slate)
        performance = self._performances[run.id] = Performance(self._crew, slate)
        try:
            await performance.run()
        finally:
            self._performances.pop(run.id, None)

    async def _choose_backend(self, slate: Slate) -> None:
        """Keep to what was chosen when it began; raises `Misconfigured`."""
        if not slate.run.backend:
            chosen = self._crew.machine.gear.choice(slate.run.config.backend)
            await slate.change(lambda run: run.model_copy(update={"backend": chosen.value}))
