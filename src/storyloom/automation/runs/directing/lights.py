"""Whether a picture may be made now: nobody has paused the run, and what makes it can be had."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import anyio

from storyloom.automation.runs.directing.engine_room import EngineRoom
from storyloom.automation.runs.directing.notices import Notices
from storyloom.automation.runs.directing.obstacles import Obstacle, WaitedTooLong, quiet_until
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.waits import Place, Waits
from storyloom.automation.runs.schemas import Stage, WaitCode, Wanted

Look = Callable[[], Coroutine[Any, Any, Obstacle | None]]


class GpuTurn(Protocol):
    """A run's turn at the GPU: it is the one that uses it, and the GPU is free and cool enough."""

    @property
    def lost(self) -> anyio.Event:
        """Rings when the turn is lost while it is used."""
        ...

    async def obstacle(self) -> Obstacle | None:
        """What is in the way; None: it is our turn now, and stays so until it is given back."""
        ...

    async def give_back(self) -> None:
        """Let others. Does nothing where it is not our turn."""
        ...


@dataclass(frozen=True, slots=True)
class Needs:
    """What a backend needs."""

    gpu: GpuTurn | None
    engine: EngineRoom | None


class Lights:
    """Looks before every picture. What is in the way is told, and borne for as long as may be."""

    def __init__(self, slate: Slate, waits: Waits, notices: Notices, needs: Needs) -> None:
        """Take what the backend needs."""
        self._slate = slate
        self._waits = waits
        self._notices = notices
        self._needs = needs
        self._lock = anyio.Lock()
        self._held: Obstacle | None = None
        self._since: float | None = None
        self._gives_up_at: datetime | None = None
        self.are_on = anyio.Event()

    async def on(self) -> None:
        """Return when a picture may be made now; raises `WaitedTooLong`."""
        # Others wait for the same, and it is told once.
        async with self._lock:
            with self._waits.place() as place:
                while True:
                    orders = self._slate.orders()
                    obstacle = await self._obstacle(place)
                    if obstacle is None:
                        break
                    await self._bear(obstacle, place, orders)
        self._be_patient()
        self.are_on.set()

    def hold(self, obstacle: Obstacle) -> None:
        """Make nothing for so long: something has asked for it."""
        self._held = obstacle

    async def off(self) -> None:
        """Let others use what is needed; it is had again by `on`."""
        if self._needs.gpu is not None:
            await self._needs.gpu.give_back()

    async def _obstacle(self, place: Place) -> Obstacle | None:
        looks: list[Look] = [self._pause, self._holding]
        engine = self._needs.engine
        if self._needs.gpu is not None:
            looks += [] if engine is None else [engine.hopeless]
            looks += [self._quiet, self._gpu(self._needs.gpu)]
        if engine is not None:
            looks.append(self._engine(engine, place))
        for look in looks:
            if (obstacle := await look()) is not None:
                return obstacle
        return None

    async def _pause(self) -> Obstacle | None:
        if self._slate.run.wanted is not Wanted.PAUSE:
            return None
        await self.off()
        return Obstacle(WaitCode.PAUSED, "Somebody has paused the run", 60.0, is_patient=True)

    async def _holding(self) -> Obstacle | None:
        held, self._held = self._held, None
        return held

    async def _quiet(self) -> Obstacle | None:
        now = self._waits.clock.now()
        until = quiet_until(self._slate.run.config.quiet_hours, now)
        if until is None:
            return None
        await self.off()
        wait_s = max(1.0, min((until - now).total_seconds(), 60.0))
        says = "These are quiet hours, in which no GPU works"
        return Obstacle(WaitCode.QUIET_HOURS, says, wait_s, until, is_patient=True)

    def _gpu(self, gpu: GpuTurn) -> Look:
        async def look() -> Obstacle | None:
            self._notices.making(Stage.CHECKING_GPU)
            return await gpu.obstacle()

        return look

    def _engine(self, engine: EngineRoom, place: Place) -> Look:
        async def look() -> Obstacle | None:
            if not engine.is_up:
                self._notices.making(Stage.STARTING_SWARMUI)
            return await engine.obstacle(place)

        return look

    async def _bear(self, obstacle: Obstacle, place: Place, orders: anyio.Event) -> None:
        """Wait a while; raises `WaitedTooLong` when it has lasted as long as it may."""
        if obstacle.is_patient:
            self._be_patient()
        else:
            self._check(obstacle)
        until = obstacle.until or self._gives_up_at
        await place.nap(
            obstacle.code, obstacle.detail, obstacle.look_again_s, until=until, news=orders
        )

    def _be_patient(self) -> None:
        self._since = self._gives_up_at = None

    def _check(self, obstacle: Obstacle) -> None:
        now = anyio.current_time()
        may_s = self._slate.run.config.max_gpu_wait
        if self._since is None:
            self._since = now
            self._gives_up_at = self._waits.clock.now() + timedelta(seconds=may_s)
        waited_s = now - self._since
        if obstacle.ends_it is not None or waited_s >= may_s:
            raise WaitedTooLong(obstacle, waited_s)
