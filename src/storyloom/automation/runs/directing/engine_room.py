"""What makes the pictures has to run: it is started where that is wished, and waited for."""

from typing import Protocol

from storyloom.automation.errors import LaunchedTooSoon, SwarmUiFailed
from storyloom.automation.runs.directing.obstacles import Obstacle
from storyloom.automation.runs.directing.slate import Slate
from storyloom.automation.runs.directing.waits import Place
from storyloom.automation.runs.schemas import Run, WaitCode
from storyloom.automation.schemas import Phase, SwarmStarted, SwarmStatus, SwarmStopped
from storyloom.automation.swarmui import STARTED
from storyloom.errors import Misconfigured, StoryloomError, Unavailable
from storyloom.imaging.ports import ImageBackend

_AGAIN_S = 15.0
_STARTING = "SwarmUI is being started"
_LOADING = "SwarmUI is loading its backends"
_CODES = {
    Phase.STARTING: WaitCode.ENGINE_STARTING,
    Phase.STOPPING: WaitCode.ENGINE_STARTING,
    Phase.LOADING_BACKENDS: WaitCode.ENGINE_LOADING,
    Phase.READY: WaitCode.ENGINE_DOWN,
    Phase.NO_BACKENDS: WaitCode.ENGINE_DOWN,
}
_DETAILS = {
    Phase.STARTING: _STARTING,
    Phase.STOPPING: "SwarmUI is being stopped",
    Phase.LOADING_BACKENDS: _LOADING,
}


class Starter(Protocol):
    """Starts and stops SwarmUI, as `SwarmUiService` does."""

    async def start(self) -> SwarmStarted:
        """Return when it answers; raises `SwarmUiFailed` or `LaunchedTooSoon`."""
        ...

    async def status(self) -> SwarmStatus:
        """How far it is."""
        ...

    async def check(self) -> None:
        """Return where it could be launched; raises `Misconfigured` where it never can."""
        ...

    async def stop(self, *, force: bool) -> SwarmStopped:
        """End the one that was launched here; raises `NotStopped`."""
        ...


class EngineRoom:
    """One backend, and the program behind it."""

    def __init__(self, backend: ImageBackend, swarmui: Starter | None, slate: Slate) -> None:
        """Take what can start the program; None where nothing of ours can."""
        self._backend = backend
        self._swarmui = swarmui
        self._slate = slate
        self.is_up = False  #: it worked the last time

    async def hopeless(self) -> Obstacle | None:
        """What would keep it from ever being started, for whoever is about to wait for a GPU."""
        may_start = self._slate.run.config.auto_start
        if self._swarmui is None or not may_start or await self.answers():
            return None
        try:
            await self._swarmui.check()
        except Misconfigured as fault:
            return Obstacle(WaitCode.ENGINE_DOWN, fault.message, ends_it=fault)
        return None

    async def obstacle(self, place: Place) -> Obstacle | None:
        """What keeps it from working, or None; starts it where that may be, and says so."""
        if self.is_up:
            return None
        try:
            await self._backend.ping()
        except StoryloomError as fault:
            return await self._in_the_way(fault, place)
        self.is_up = True
        return None

    async def answers(self) -> bool:
        """Whether it is up, as far as can be seen."""
        if not self.is_up:
            try:
                await self._backend.ping()
            except StoryloomError:
                return False
        return True

    async def _in_the_way(self, fault: StoryloomError, place: Place) -> Obstacle | None:
        if not isinstance(fault, Unavailable):
            return Obstacle(WaitCode.ENGINE_DOWN, fault.message, ends_it=fault)
        if self._swarmui is None:
            wait_s = max(2.0, min(fault.retry_after_s or 0, 60.0))
            return Obstacle(WaitCode.ENGINE_DOWN, fault.message, wait_s)
        status = await self._swarmui.status()
        if status.phase in {Phase.STOPPED, Phase.FAILED}:
            return await self._start(self._swarmui, place)
        detail = _DETAILS.get(status.phase, status.message or fault.message)
        return Obstacle(_CODES[status.phase], detail)

    async def _start(self, swarmui: Starter, place: Place) -> Obstacle | None:
        if not self._slate.run.config.auto_start:
            says = "SwarmUI does not run, and this run may not start it (autoStart is off)"
            return Obstacle(WaitCode.ENGINE_DOWN, says)
        try:
            place.say(WaitCode.ENGINE_STARTING, _STARTING)
            answer = await swarmui.start()
        except LaunchedTooSoon as fault:
            wait_s = fault.retry_after_s or _AGAIN_S
            return Obstacle(WaitCode.ENGINE_STARTING, fault.message, wait_s)
        except SwarmUiFailed as fault:
            # A setting that is missing will be missing in a minute too.
            hopeless = fault if isinstance(fault.__cause__, Misconfigured) else None
            return Obstacle(WaitCode.ENGINE_DOWN, fault.message, _AGAIN_S, ends_it=hopeless)
        if answer.message == STARTED:
            await self._slate.change(_started)
        return Obstacle(WaitCode.ENGINE_LOADING, _LOADING, 0.2)


def _started(run: Run) -> Run:
    return run.model_copy(update={"started_engine": True})
