"""One run, driven by one process: scribe and darkroom at the same time, until both are done."""

import logging

import anyio

from storyloom.automation.runs.directing.assembly import Parts
from storyloom.automation.runs.directing.crew import Crew
from storyloom.automation.runs.directing.ending import Ending
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.together import together
from storyloom.automation.runs.schemas import Wanted
from storyloom.errors import Unavailable
from storyloom.jobs.errors import HandedOver

LOOK_EVERY_S = 1.0
log = logging.getLogger(__name__)


class Performance:
    """Drives a run that was claimed. Every process that takes the run up has one of its own."""

    def __init__(self, crew: Crew, slate: Slate) -> None:
        """To be made in the event loop."""
        self._crew = crew
        self._slate = slate
        self._ending = Ending(crew)
        self._work = anyio.CancelScope()
        self._grace = anyio.CancelScope()
        self._is_leaving = False
        self._parts: Parts | None = None

    async def run(self) -> None:
        """Return when the run has ended.

        Raises `HandedOver` after `leave`, and `Superseded` when another process has taken it up.
        """
        while not await self._once():
            if self._is_leaving:
                raise HandedOver
        await self._ending.after(self._slate.run)

    async def leave(self, grace_s: float) -> None:
        """Begin nothing more, let pictures in hand be finished for so long, and let go."""
        self._is_leaving = True
        with anyio.move_on_after(grace_s) as self._grace:
            if self._parts is not None:
                await self._parts.darkroom.close()
        self._work.cancel()

    def hurry(self) -> None:
        """Wait no longer for pictures in hand."""
        self._grace.cancel()

    async def _once(self) -> bool:
        """Whether the run has ended; False where somebody has asked more of it, or we leave."""
        parts = self._parts = Parts.of(self._crew, self._slate)
        self._work = anyio.CancelScope()
        try:
            async with together() as tasks:
                tasks.start_soon(self._listen, parts)
                tasks.start_soon(parts.sitting.notices.run_forever)
                with self._work:
                    await self._make(parts)
                tasks.cancel_scope.cancel()
            await parts.sitting.notices.write()
            if self._is_leaving:
                return False
            return await self._ending.end(self._slate, parts.sitting.supply, parts.reader)
        finally:
            with anyio.CancelScope(shield=True):
                await parts.let_go()

    async def _make(self, parts: Parts) -> None:
        async with together() as tasks:
            tasks.start_soon(parts.scribe.follow)
            tasks.start_soon(parts.darkroom.warm_up)
            async with anyio.create_task_group() as both:
                both.start_soon(parts.scribe.run)
                both.start_soon(parts.darkroom.run)
            tasks.cancel_scope.cancel()

    async def _listen(self, parts: Parts) -> None:
        """Hear what people ask of the run."""
        while True:
            bell = self._crew.bells.bell(self._slate.run.id)
            orders = self._slate.orders()
            try:
                await self._slate.look()
            except Unavailable as fault:
                log.warning("a run cannot be looked at: %s", fault.message)
            if orders.is_set():
                parts.darkroom.obey()
            if self._slate.run.wanted is Wanted.CANCEL:
                self._work.cancel()
            await parts.sitting.waits.pulse(LOOK_EVERY_S, bell)
