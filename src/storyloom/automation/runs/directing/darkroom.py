"""Where pictures are made: in the story's order, as many at a time as the backend makes."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

import anyio
from anyio.abc import TaskGroup

from storyloom.automation.runs.config import StopAfter
from storyloom.automation.runs.directing.bench import Bench
from storyloom.automation.runs.directing.camera import Camera
from storyloom.automation.runs.directing.exposure import (
    Exposed,
    kept,
    put_back,
    stopped,
    version_of,
)
from storyloom.automation.runs.directing.keeping import Keeper
from storyloom.automation.runs.directing.ladder import WHOLESALE, backend_of
from storyloom.automation.runs.directing.obstacles import WaitedTooLong
from storyloom.automation.runs.directing.remedies import Remedies
from storyloom.automation.runs.directing.sitting import Sitting
from storyloom.automation.runs.directing.together import together
from storyloom.automation.runs.directing.waits import Place
from storyloom.automation.runs.schemas import Shot, ShotStatus, Stage, Wanted
from storyloom.errors import StoryloomError

#: For how long the GPU is kept while there is nothing to make.
IDLE_S = 60.0
Benches = Callable[[str], Bench]
Recheck = Callable[[str], Awaitable[Shot]]
_BEGUN = frozenset({ShotStatus.MAKING, ShotStatus.READY})
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hands:
    """Who does the work in the darkroom."""

    camera: Camera
    keeper: Keeper
    remedies: Remedies
    benches: Benches  #: where a backend's pictures are made, by its name
    recheck: Recheck  #: what is to be begun, with the words that its session has for it now


class Darkroom:
    """Makes what is ready, until nothing more will come.

    While a picture is brought to its store the next one is being made, but no more than that: what
    cannot be kept holds up what is to be made.
    """

    def __init__(self, sitting: Sitting, hands: Hands) -> None:
        """To be made in the event loop, once for a sitting."""
        self._sitting = sitting
        self._slate = sitting.slate
        self._hands = hands
        self._in_hand: set[str] = set()
        self._scopes: dict[str, anyio.CancelScope] = {}
        self._developing: set[str] = set()
        self._is_closing = False
        self._spoiled: dict[str, StoryloomError] = {}

    async def run(self) -> None:
        """Return when every picture is made, or given up."""
        at_once = self._usual.backend.capabilities.at_once
        shelf = anyio.Semaphore(at_once)
        async with together() as tasks, anyio.create_task_group() as workers:
            for _ in range(at_once):
                workers.start_soon(self._work, tasks, shelf)

    async def warm_up(self) -> None:
        """Have what makes the pictures ready before the first prompt is there; give up in silence."""
        if self._slate.run.config.stop_after is not StopAfter.IMAGES:
            return
        while not self._sitting.supply.is_soon:
            await self._slate.news().wait()
        if self._slate.shots and all(s.status.is_terminal for s in self._slate.shots.values()):
            return
        try:
            await self._usual.lights.on()
        except WaitedTooLong as fault:
            log.info("what makes the pictures is not there yet: %s", fault.message)

    async def close(self) -> None:
        """Begin nothing more, and return when what is in hand is kept."""
        self._is_closing = True
        self._slate.rouse()
        while self._scopes or self._developing:
            await self._slate.news().wait()

    def obey(self) -> None:
        """Stop making what nobody wants any more, and try anew what was given up before."""
        self._spoiled.clear()
        for name, scope in self._scopes.items():
            shot = self._slate.shots[name]
            if shot.wanted is Wanted.CANCEL or shot.status is not ShotStatus.MAKING:
                scope.cancel()

    @property
    def _usual(self) -> Bench:
        return self._hands.benches(self._slate.run.backend)

    async def _work(self, tasks: TaskGroup, shelf: anyio.Semaphore) -> None:
        with self._sitting.waits.place() as place:
            while (shot := await self._next(place)) is not None:
                exposed = None
                try:
                    exposed = await self._exposed(shot)
                finally:
                    if exposed is None:
                        self._let_go(shot.id)
                if exposed is not None:
                    self._developing.add(shot.id)
                    await shelf.acquire()
                    tasks.start_soon(self._develop, exposed, shelf)

    async def _next(self, place: Place) -> Shot | None:
        """The next shot that can be made, now in hand; None when no more will come."""
        while True:
            news = self._slate.news()
            shot = None if self._is_closing else self._first()
            if shot is not None:
                place.clear()
                self._in_hand.add(shot.id)
                return shot
            supply = self._sitting.supply
            if self._is_closing or (supply.is_over and not self._in_hand):
                return None
            if self._in_hand:
                place.clear()
            else:
                self._sitting.notices.making(None)
                place.say(supply.code, supply.detail, supply.until)
            await self._sitting.waits.pulse(IDLE_S, news)
            if not news.is_set() and not self._in_hand:
                # Others may want what nobody needs here now.
                await self._usual.lights.off()

    def _first(self) -> Shot | None:
        """What an earlier process had begun comes first: the backend may have it already."""
        free = [s for s in self._slate.shots.values() if s.id not in self._in_hand]
        ready = [shot for shot in free if shot.status in _BEGUN]
        return min(ready, key=lambda s: (s.status is not ShotStatus.MAKING, s.place), default=None)

    async def _exposed(self, shot: Shot) -> Exposed | None:
        """The picture; None where there is none, and something else was done about it."""
        bench = self._hands.benches(backend_of(shot, self._slate.run.backend))
        try:
            return await self._taken(shot, bench)
        except StoryloomError as fault:
            await self._mend(self._slate.shots[shot.id], fault, bench)
            return None
        finally:
            self._scopes.pop(shot.id, None)
            self._sitting.notices.progress(shot.id, None)

    async def _taken(self, shot: Shot, bench: Bench) -> Exposed | None:
        if (fault := self._spoiled.get(bench.name)) is not None:
            raise fault
        await bench.lights.on()
        # That may have taken hours.
        now = self._slate.shots[shot.id]
        if now.status is ShotStatus.READY:
            now = await self._hands.recheck(now.id)
        exposed = None
        if now.status in _BEGUN and now.wanted is not Wanted.CANCEL:
            if backend_of(now, self._slate.run.backend) != bench.name:
                return None
            self._sitting.notices.making(Stage.GENERATING_IMAGES)
            exposed = await self._hands.camera.expose(now, bench, partial(self._hold, now.id))
        if exposed is None:
            await self._dismiss(self._slate.shots[shot.id])
        return exposed

    def _hold(self, name: str, scope: anyio.CancelScope) -> None:
        self._scopes[name] = scope

    async def _dismiss(self, shot: Shot) -> None:
        """It was stopped: nobody wants it any more, or it is to be made anew."""
        if shot.wanted is Wanted.CANCEL:
            await self._slate.change_shot(shot.id, stopped)
        elif shot.status is ShotStatus.MAKING:
            await self._slate.change_shot(shot.id, put_back)

    async def _mend(self, shot: Shot, fault: StoryloomError, bench: Bench) -> None:
        if isinstance(fault, WHOLESALE):
            self._spoiled[bench.name] = fault
        if bench.heard(fault, may_wait_s=self._slate.run.config.max_gpu_wait):
            await self._slate.change_shot(shot.id, put_back)
            return
        if shot.wanted is Wanted.CANCEL:
            await self._slate.change_shot(shot.id, stopped)
        elif shot.status in _BEGUN:
            await self._hands.remedies.step(shot, fault, has_engine=bench.engine is not None)

    async def _develop(self, exposed: Exposed, shelf: anyio.Semaphore) -> None:
        name = exposed.shot.id
        try:
            reference = await self._hands.keeper.keep(exposed)
            version = version_of(exposed, reference)
            await self._slate.change_shot(name, kept(exposed, version))
        finally:
            shelf.release()
            self._developing.discard(name)
            self._let_go(name)

    def _let_go(self, name: str) -> None:
        self._in_hand.discard(name)
        self._slate.rouse()
